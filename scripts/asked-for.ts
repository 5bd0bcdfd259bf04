// Which modules a built file asks for, read from its syntax tree.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

export interface AskedFor {
  /** Specifiers of import, export … from, import() and require(), once each. */
  modules: string[]
  /** Source of each import() or require() whose name is not written down. */
  unknown: string[]
}

export function askedFor(file: string): AskedFor {
  const modules = new Set<string>()
  const unknown: string[] = []
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, ts.ScriptKind.JS)
  const take = (name: ts.Expression | undefined, from: ts.Node) => {
    if (name && ts.isStringLiteralLike(name)) modules.add(name.text)
    else unknown.push(from.getText(source))
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier, node)
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) take(node.moduleSpecifier, node)
    else if (ts.isCallExpression(node) && loads(node.expression)) take(node.arguments[0], node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { modules: [...modules], unknown }
}

function loads(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true
  // `require(…)`, `__require(…)`, `module.require(…)`.
  if (ts.isIdentifier(called)) return /^_*require$/.test(called.text)
  return ts.isPropertyAccessExpression(called) && called.name.text === 'require'
}
