// What the libraries make beside the sets of the fixtures, and what other tools make that looks alike. All in one file: none of
// it is told by what stands beside it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFile, type Opened } from '../tables/engines.test-setup.ts'

const variants: [table: string, words: string, ddl: string][] = [
  [
    'user',
    'Flask-Security (SQLAlchemy)',
    `CREATE TABLE "user" (
\tusername VARCHAR(255), \n\tus_totp_secrets TEXT, \n\tid INTEGER NOT NULL, \n\temail VARCHAR(255) NOT NULL, \n\tactive BOOLEAN NOT NULL, \n\tfs_uniquifier VARCHAR(64) NOT NULL, \n\tlogin_count INTEGER, \n\tupdate_datetime DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, \n\tPRIMARY KEY (id), \n\tUNIQUE (email), \n\tUNIQUE (fs_uniquifier)\n)`,
  ],
  [
    'Staff Members',
    'SQLAlchemy',
    `CREATE TABLE "Staff Members" (\n\t"Id" INTEGER NOT NULL, \n\t"Email" VARCHAR(255) NOT NULL, \n\tactive BOOLEAN, \n\tPRIMARY KEY ("Id"), \n\tCHECK (active IN (0, 1))\n)`,
  ],
  [
    'strict_user',
    'SQLAlchemy',
    `CREATE TABLE strict_user (\n\tid INTEGER NOT NULL, \n\temail TEXT NOT NULL, \n\tPRIMARY KEY (id), \n\tUNIQUE (email)\n)\n STRICT`,
  ],
  [
    'indexed',
    'SQLAlchemy',
    `create table indexed (id integer primary key, email text); create unique index ix_indexed_email on indexed (email)`,
  ],
  [
    'short',
    'PyDAL',
    `CREATE TABLE "short"(\n    "id" INTEGER PRIMARY KEY AUTOINCREMENT,\n    "email" CHAR(255) NOT NULL UNIQUE,\n    "active" CHAR(1) NOT NULL DEFAULT 'T'\n)`,
  ],
  [
    'linked',
    'PyDAL',
    `CREATE TABLE "linked"(\n    "id" INTEGER PRIMARY KEY AUTOINCREMENT,\n    "to_id" INTEGER REFERENCES "short" ("id") ON DELETE CASCADE ON UPDATE CASCADE  \n)`,
  ],
  [
    'signed',
    'web2py (PyDAL)',
    `CREATE TABLE "signed"(\n    "id" INTEGER PRIMARY KEY AUTOINCREMENT,\n    "username" CHAR(128),\n    "email" CHAR(512),\n    "password" CHAR(512),\n    "registration_key" CHAR(512),\n    "reset_password_key" CHAR(512),\n    "registration_id" CHAR(512),\n    "created_on" TIMESTAMP,\n    "modified_on" TIMESTAMP\n)`,
  ],
  [
    'constrained',
    'GORM v2',
    'CREATE TABLE `constrained` (`id` integer PRIMARY KEY AUTOINCREMENT,`email` text NOT NULL,`admin` numeric,CONSTRAINT `uni_constrained_email` UNIQUE (`email`))',
  ],
  [
    'remade',
    'GORM v2',
    'CREATE TABLE "remade" (`id` integer PRIMARY KEY AUTOINCREMENT,`email` text NOT NULL,`deleted_at` datetime)',
  ],
  [
    'old_gorm',
    'GORM v1',
    'CREATE TABLE "old_gorm" ("id" integer primary key autoincrement,"email" varchar(255),"active" bool )',
  ],
  [
    'model_v1',
    'GORM v1',
    `CREATE TABLE "model_v1" ("id" integer primary key autoincrement,"created_at" datetime,"updated_at" datetime,"deleted_at" datetime,"email" varchar(200) NOT NULL,"active" bool DEFAULT true );
    CREATE INDEX idx_model_v1_deleted_at ON "model_v1"(deleted_at) ; CREATE UNIQUE INDEX uix_model_v1_email ON "model_v1"("email") `,
  ],
  // Other tools.
  [
    'knex_made',
    'unknown',
    'CREATE TABLE `knex_made` (`id` integer not null primary key autoincrement, `email` varchar(255) not null, `active` boolean)',
  ],
  [
    'rails',
    'unknown',
    `CREATE TABLE "rails" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar DEFAULT '' NOT NULL, "encrypted_password" varchar DEFAULT '' NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL, "deleted_at" datetime(6))`,
  ],
  [
    'laravel',
    'unknown',
    'CREATE TABLE "laravel" ("id" integer primary key autoincrement not null, "email" varchar not null, "password" varchar not null, "created_at" datetime, "updated_at" datetime, "deleted_at" datetime); CREATE UNIQUE INDEX "laravel_email_unique" on "laravel" ("email")',
  ],
  [
    'prisma',
    'unknown',
    'CREATE TABLE "prisma" (\n    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    "email" TEXT NOT NULL,\n    "active" BOOLEAN NOT NULL DEFAULT true\n)',
  ],
  [
    'by_hand',
    'unknown',
    `CREATE TABLE by_hand (\n  id INTEGER PRIMARY KEY,\n  email VARCHAR(512) UNIQUE,\n  sex CHAR(1),\n  created_at DATETIME,\n  updated_at DATETIME,\n  deleted_at DATETIME\n); CREATE INDEX idx_by_hand_created_at ON by_hand (created_at)`,
  ],
]

let opened: Opened
beforeAll(async () => {
  opened = await openFile(variants.map(([, , ddl]) => ddl).join(';\n'))
})
afterAll(() => opened.close())

it.each(variants)('%s: %s', async (table, words) => {
  const { owner } = await opened.api.tables.describe({ profileId: opened.profileId, table })
  expect(owner?.words).toBe(words)
})
