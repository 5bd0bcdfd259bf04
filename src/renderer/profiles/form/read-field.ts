// One field of the form as a value, or its message among the errors.
import type { LoginRole } from '../../../shared/connections.ts'
import type { SecretSource } from '../../../shared/profiles.ts'
import { SECRET_FIELDS, type Field, type FieldErrors, type FormValues } from './form-values.ts'

export type TextField = { [K in Field]: FormValues[K] extends string ? K : never }[Field]

export function textIn(values: FormValues, field: TextField, what: string, errors: FieldErrors): string {
  const value = values[field]
  if (value.trim() === '') errors[field] = `${what} is needed.`
  return value
}

export function wholeNumberIn(
  values: FormValues,
  field: TextField,
  least: number,
  most: number,
  errors: FieldErrors,
): number {
  const value = numberIn(values, field, least, most, errors)
  if (!Number.isInteger(value)) errors[field] = `A whole number from ${least} to ${most} is needed.`
  return value
}

export function numberIn(
  values: FormValues,
  field: TextField,
  least: number,
  most: number,
  errors: FieldErrors,
): number {
  const text = values[field].trim()
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most)) errors[field] = `A number from ${least} to ${most} is needed.`
  return value
}

export function secretIn(values: FormValues, role: LoginRole, errors: FieldErrors): SecretSource {
  const fields = SECRET_FIELDS[role]
  const kind = values[fields.kind]
  if (kind !== 'environment') return { kind }
  const name = values[fields.variable].trim()
  if (name === '') errors[fields.variable] = 'The name of the variable is needed.'
  else if (/[\s=]/.test(name)) errors[fields.variable] = 'This is not the name of a variable.'
  return { kind, variable: name }
}
