// The types of setup.mjs, which is plain JavaScript because it runs before the project's own Node is there.
export const project: string
export function setUp(folder?: string, what?: string): void
export function nodeProgram(): string
