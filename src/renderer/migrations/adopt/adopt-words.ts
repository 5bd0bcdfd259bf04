// What a comparison comes to, in a sentence, and the order in which its findings are read.
import type { Adoption } from '../../../shared/migration-steps.ts'
import { plural } from '../../ui/wording.ts'

type Finding = Adoption['findings'][number]

const order: Finding['verdict'][] = ['incompatible', 'missing', 'compatible', 'same']

/** What stands in the way first; otherwise as the host told them. */
export function sortedFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
}

export function comparedWords({ table, isCompatible, findings }: Adoption): string {
  const of = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict).length
  const differ = of('compatible')
  if (isCompatible) {
    const rest = differ === 0 ? 'There is no difference.' : `${plural(differ, 'finding')} to look at first.`
    return `${table} can be adopted: nothing that the step needs is missing. ${rest}`
  }
  const parts = [
    ...(of('missing') > 0 ? [`${of('missing')} missing`] : []),
    ...(of('incompatible') > 0 ? [`${of('incompatible')} incompatible`] : []),
  ]
  return `${table} does not fit what the step would make: ${parts.join(', ') || 'see below'}. It cannot be adopted as it is.`
}
