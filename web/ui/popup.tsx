import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

type PopupProps = {
  label: string
  /** What the button shows; the label is its name. */
  trigger: ReactNode
  triggerClass?: string
  width?: string
  children: (close: () => void) => ReactNode
}

/** A button that opens a small panel. Escape, a press outside or leaving by Tab closes it. */
export function Popup({
  label,
  trigger,
  triggerClass = '',
  width = 'sm:w-60',
  children,
}: PopupProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = ({ target }: Event) =>
      target instanceof Node && !root.current?.contains(target) && setOpen(false)
    const dismiss = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    document.addEventListener('keydown', dismiss)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
      document.removeEventListener('keydown', dismiss)
    }
  }, [open])
  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className={triggerClass}
      >
        {trigger}
      </button>
      {open && (
        <div
          id={id}
          className={`z-30 animate-rise rounded-lg border border-line bg-raised p-1.5 shadow-3 max-sm:fixed max-sm:inset-x-4 max-sm:top-15 sm:absolute sm:right-0 sm:mt-2 ${width}`}
        >
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  )
}
