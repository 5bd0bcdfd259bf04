// What the process that stops itself runs, and the test that wakes it up.
import { makes, sends, step } from './run.test-setup.ts'

/** Its second step is the one in whose middle it stops, after the first statement. */
export const SLEEPS = ['create table sleeps_one (id int primary key)', 'create table sleeps_two (id int primary key)']
export const sleeperSteps = [makes('001-first.ts', 'first_table'), step('002-sleeps.ts', sends(...SLEEPS))]
