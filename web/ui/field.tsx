import { type ComponentProps, type ReactNode, useId } from 'react'
import { Icon } from './icons.tsx'

const control =
  'min-h-11 w-full rounded-md border border-line-strong bg-surface px-3.5 text-base text-ink ' +
  'placeholder:text-ink-faint transition-colors hover:border-ink-soft sm:text-sm'

type LabelProps = { label: string; hint?: string | undefined; error?: string | undefined }

const ids = (id: string, { hint, error }: LabelProps) => ({
  id,
  'aria-describedby': hint || error ? `${id}-note` : undefined,
  'aria-invalid': error ? true : undefined,
})

function Labelled({
  id,
  label,
  hint,
  error,
  children,
}: LabelProps & { id: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
      </label>
      {children}
      {(hint || error) && (
        <p id={`${id}-note`} className={`text-xs ${error ? 'text-danger' : 'text-ink-faint'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

type TextFieldProps = LabelProps &
  ComponentProps<'input'> & {
    /** Stands inside the field, at its end. */
    end?: ReactNode
  }

export function TextField({ label, hint, error, end, className, ...input }: TextFieldProps) {
  const id = useId()
  const texts = { label, hint, error }
  const look = `${control} ${end ? 'pr-12' : ''} ${className ?? ''}`
  const field = <input type="text" {...input} className={look} {...ids(id, texts)} />
  return (
    <Labelled id={id} {...texts}>
      {end ? (
        <span className="relative flex">
          {field}
          {end}
        </span>
      ) : (
        field
      )}
    </Labelled>
  )
}

export function TextArea({ label, hint, error, ...area }: LabelProps & ComponentProps<'textarea'>) {
  const id = useId()
  const texts = { label, hint, error }
  return (
    <Labelled id={id} {...texts}>
      <textarea rows={4} className={`${control} py-2.5`} {...area} {...ids(id, texts)} />
    </Labelled>
  )
}

export function SelectField({
  label,
  hint,
  error,
  ...select
}: LabelProps & ComponentProps<'select'>) {
  const id = useId()
  const texts = { label, hint, error }
  return (
    <Labelled id={id} {...texts}>
      <span className="relative flex">
        <select className={`${control} appearance-none pr-10`} {...select} {...ids(id, texts)} />
        <Icon
          name="down"
          className="pointer-events-none absolute top-3 right-3 size-5 text-ink-faint"
        />
      </span>
    </Labelled>
  )
}

export function SearchField({ label, ...input }: { label: string } & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Labelled id={id} label={label}>
      <span className="relative flex">
        <Icon
          name="search"
          className="pointer-events-none absolute top-3 left-3.5 size-5 text-ink-faint"
        />
        <input type="search" className={`${control} pl-11`} {...input} id={id} />
      </span>
    </Labelled>
  )
}
