// A field for a new password: shown or hidden, generated, copied. What is typed is its owner's state and nowhere else.
import { Button, PasswordInput } from '@mantine/core'
import { Check, Copy, Dices } from 'lucide-react'
import { useState } from 'react'
import { focusAtOnce } from '../../../ui/focus-at-once.ts'
import { strongPassword } from './strong-password.ts'
import css from '../verbs.module.css'

interface PasswordFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  isFirst?: boolean
  disabled?: boolean
}

export function PasswordField({ label, value, onChange, isFirst = false, disabled = false }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false)
  const [isCopied, setCopied] = useState(false)
  const change = (next: string) => {
    setCopied(false)
    onChange(next)
  }
  const copy = () =>
    void navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setShown(true),
    )
  return (
    <div className={css.row}>
      <PasswordInput
        className={css.grow}
        label={label}
        name="new-password"
        autoComplete="new-password"
        spellCheck={false}
        maxLength={1024}
        {...(isFirst && { 'data-autofocus': true, ref: focusAtOnce })}
        disabled={disabled}
        visible={isShown}
        onVisibilityChange={setShown}
        visibilityToggleButtonProps={{ 'aria-label': isShown ? 'Hide the password' : 'Show the password' }}
        value={value}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
      <Button
        leftSection={<Dices size={14} />}
        disabled={disabled}
        onClick={() => {
          change(strongPassword())
          setShown(true)
        }}
      >
        Generate
      </Button>
      <Button leftSection={isCopied ? <Check size={14} /> : <Copy size={14} />} disabled={value === ''} onClick={copy}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  )
}
