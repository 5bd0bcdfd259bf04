// A connection lives for hours and answers millions of rows: nothing keeps them once nobody holds them.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { never, overEngine, scriptedEngine, sql } from './scripted-engine.test-setup.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

test('answers are not kept for as long as their connection is open', async () => {
  const database = overEngine(scriptedEngine())
  const answers: WeakRef<object>[] = []
  for (let at = 0; at < 20; at += 1) answers.push(new WeakRef(await database.read(sql(`echo ${at}`), never())))
  // What was just read is held until the turn ends.
  await new Promise((resolve) => setImmediate(resolve))
  gc()
  expect(database.pool()).toMatchObject({ idle: 1 })
  // The last one may still be on its way.
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(3)
  await database.close()
})
