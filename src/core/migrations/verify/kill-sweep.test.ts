// A runner is killed at every boundary on each engine; on a cluster `npm run verify:galera` does it.
import { describeOnEachEngine } from '../../tables/engines.test-setup.ts'
import { killSweep } from './kill-sweep.test-setup.ts'

describeOnEachEngine('a runner that is killed', (engine) => killSweep({ engine }))
