// Migrations that use much of knex, each writing down what it was told: for running them by knex itself and by Roster.

/** Values as text that tells their kinds apart. */
const SHOW = `
function show(value) {
  if (value === null || value === undefined) return String(value)
  if (value instanceof Date) return 'date ' + value.toISOString()
  if (Buffer.isBuffer(value)) return 'buffer ' + value.toString('hex')
  if (Array.isArray(value)) return [...value].map(show)
  if (typeof value === 'bigint') return 'bigint ' + value
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, show(v)]))
  return typeof value + ' ' + value
}
let knexOf
async function note(what, value) {
  const text = JSON.stringify(show(value))
  await knexOf('notes').insert({ what, told: text })
}
`

/** File names and texts, in order. Each reads as well as it writes. */
export const BROAD: Record<string, string> = {
  '001-notes.cjs': `
exports.up = (knex) => knex.schema.createTable('notes', (t) => { t.increments('id'); t.string('what'); t.text('told') })
exports.down = (knex) => knex.schema.dropTable('notes')`,

  '002-tables.mjs': `${SHOW}
export async function up(knex) {
  knexOf = knex
  await note('missing', [await knex.schema.hasTable('every'), await knex.schema.hasColumn('notes', 'told'), await knex.schema.hasColumn('notes', 'no')])
  if (!(await knex.schema.hasTable('owner'))) {
    await knex.schema.createTable('owner', (t) => {
      t.increments('id')
      t.string('email', 100).notNullable().unique()
      t.timestamps(true, true)
    })
  }
  await knex.schema.createTable('every', (t) => {
    t.bigIncrements('id')
    t.integer('i').defaultTo(7).index()
    t.bigInteger('big')
    t.tinyint('tiny'); t.smallint('small')
    t.string('s', 40).nullable().defaultTo("it's")
    t.text('t')
    t.float('f'); t.double('d'); t.decimal('dec', 12, 4)
    t.boolean('b').notNullable().defaultTo(false)
    t.date('da'); t.time('ti'); t.datetime('dt', { precision: 3 }); t.timestamp('ts').nullable()
    t.binary('bin')
    t.enu('e', ['one', 'two'])
    t.json('j'); t.jsonb('jb'); t.uuid('u')
    t.integer('owner_id').unsigned().references('id').inTable('owner').onDelete('CASCADE')
    t.unique(['i', 's'], { indexName: 'every_is' })
    t.comment('every type')
  })
  await note('columns', Object.keys(await knex('every').columnInfo()))
  await note('column', await knex('every').columnInfo('s'))
}
export async function down(knex) {
  await knex.schema.dropTable('every')
  await knex.schema.dropTableIfExists('owner')
}`,

  '003-rows.ts': `import type { Knex } from 'knex'
${SHOW.replace('show(value)', 'show(value: any): any').replace('note(what, value)', 'note(what: string, value: unknown)').replace('let knexOf', 'let knexOf: any')}
export async function up(knex: Knex): Promise<void> {
  knexOf = knex
  await knex('owner').insert({ email: 'a@x' })
  const client = knex.client.driverName
  await note('owner ids', await knex('owner').insert({ email: 'b@x' }, client === 'mysql2' ? undefined : ['id', 'email']).then((r) => Array.isArray(r)))
  const [owner] = await knex('owner').select('id').orderBy('id')
  await knex('every').insert([
    { i: 1, big: '9007199254740993', s: 'ä?\\\\?', f: 1.5, dec: '12.3400', b: true, da: '2026-01-02', dt: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), bin: Buffer.from([0, 1, 255]), e: 'one', j: JSON.stringify({ a: [1] }), u: '11111111-2222-3333-4444-555555555555', owner_id: owner.id },
    { i: 2, s: null, b: false, j: client === 'pg' ? { plain: true } : '{}', bin: null, owner_id: null },
  ])
  await note('rows', (await knex('every').orderBy('id')).map(({ ts, ...row }) => row))
  await note('first', await knex('every').where({ i: 2 }).first('i', 's'))
  await note('none', await knex('every').where({ i: 99 }).first())
  await note('pluck', await knex('every').orderBy('i').pluck('i'))
  await note('count', await knex('every').count('* as n'))
  await note('update', await knex('every').where({ i: 2 }).update({ t: 'x' }))
  await note('increment', await knex('every').where({ i: 2 }).increment('i', 5))
  await note('delete none', await knex('every').where({ i: 99 }).del())
  await note('raw', await knex.raw('select ? as a, ? as b', [1, 'two?']).then((r: any) => (r.rows ?? (Array.isArray(r[0]) ? r[0] : r))))
  await note('refused', await knex.transaction((trx) => trx.raw('select * from gone')).then(() => 'no', (e: any) => [e.message.startsWith('select * from gone - '), e.code]))
  await note('named again', await knex('every').whereRaw('i > :low', { low: 1 }).pluck('i'))
  await note('exists', await knex('owner').whereExists(knex('every').whereRaw('every.owner_id = owner.id')).pluck('email'))
  await knex.batchInsert('every', Array.from({ length: 25 }, (_, i) => ({ i: 100 + i, s: 'n' + i })), 10)
  await note('batch', await knex('every').where('i', '>=', 100).count('* as n'))
  await note('many', await Promise.all([knex('every').min('i as m'), knex('every').max('i as m')]))
}
export async function down(knex: Knex): Promise<void> { await knex('every').del(); await knex('owner').del() }`,

  '004-nested.mjs': `${SHOW}
export async function up(knex) {
  knexOf = knex
  await knex.transaction(async (trx) => {
    await trx('owner').insert({ email: 'c@x' })
    await trx('every').insert({ i: 50, s: 'in trx' }).transacting(trx)
    await trx.transaction(async (inner) => {
      await inner('owner').insert({ email: 'gone@x' })
      throw new Error('inner')
    }).catch((error) => error.message)
  })
  const undone = await knex.transaction()
  await undone('owner').insert({ email: 'undone@x' })
  await undone.rollback()
  await note('emails', await knex('owner').orderBy('email').pluck('email'))
  const failed = await knex.transaction((trx) => trx('owner').insert({ email: 'a@x' })).then(() => 'no', (e) => [typeof e.code, e.message.startsWith('insert into')])
  await note('failed', failed)
}
export async function down(knex) { await knex('owner').where({ email: 'c@x' }).del() }`,

  '005-alter.js': `
exports.up = async function (knex) {
  await knex.schema.alterTable('every', (t) => { t.renameColumn('t', 'renamed'); t.string('more', 10).defaultTo('m') })
  await knex.schema.alterTable('every', (t) => { t.dropColumn('f'); t.dropColumn('d') })
  await knex('every').whereNull('s').update({ s: 'was null' })
  await knex.schema.alterTable('every', (t) => { t.string('s', 80).notNullable().defaultTo('').alter() })
  await knex.schema.alterTable('every', (t) => { t.dropUnique(['i', 's'], 'every_is'); t.index(['s', 'i'], 'every_si') })
  await knex.schema.alterTable('every', (t) => { t.setNullable('b') })
  await knex.schema.createTable('child', (t) => {
    t.increments('id')
    t.integer('parent_id').unsigned().notNullable().references('owner.id').onDelete('CASCADE').onUpdate('CASCADE')
  })
  const [owner] = await knex('owner').select('id').orderBy('id')
  await knex('child').insert([{ parent_id: owner.id }, { parent_id: owner.id }])
  await knex.schema.alterTable('owner', (t) => { t.renameColumn('email', 'mail') })
  await knex.schema.alterTable('owner', (t) => { t.string('extra') })
  await knex.schema.renameTable('child', 'children')
  const left = await knex('children').count('* as n')
  await knex('notes').insert({ what: 'children', told: JSON.stringify(Number(left[0].n)) })
  await knex.schema.createView('mails', (v) => { v.columns(['mail']); v.as(knex('owner').select('mail')) })
  await knex('notes').insert({ what: 'view', told: JSON.stringify(await knex('mails').orderBy('mail').pluck('mail')) })
}
exports.down = async function (knex) {
  await knex.schema.dropView('mails')
  await knex.schema.dropTable('children')
  await knex.schema.alterTable('owner', (t) => { t.renameColumn('mail', 'email'); t.dropColumn('extra') })
  await knex.schema.alterTable('every', (t) => { t.renameColumn('renamed', 't'); t.dropColumn('more'); t.dropIndex(['s', 'i'], 'every_si') })
}`,
}
