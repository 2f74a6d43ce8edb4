import type { CalendarDate } from '@internationalized/date'
import {
  Calendar as AriaCalendar,
  Button,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarHeading,
} from 'react-aria-components/Calendar'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { useText } from '../i18n/text.ts'
import { Icon } from './icons.tsx'

type CalendarProps = {
  label: string
  value: CalendarDate | null
  focused: CalendarDate
  min: CalendarDate
  max: CalendarDate
  /** True for a day that can be chosen. */
  isOpen: (date: CalendarDate) => boolean
  onChange: (date: CalendarDate) => void
  onFocusChange: (date: CalendarDate) => void
  /** The person points at, or has moved to, the button that turns to the next month. */
  onNextIntent: () => void
}

const cell =
  'relative mx-auto grid size-9 place-items-center rounded-md text-sm tabular-nums outline-none transition-colors ' +
  'data-focus-visible:outline-2 data-focus-visible:outline-offset-2 data-focus-visible:outline-accent sm:size-11'

type CellState = {
  isSelected: boolean
  isDisabled: boolean
  isUnavailable: boolean
  isOutsideMonth: boolean
}

const cellClass = (state: CellState): string => {
  const { isSelected, isDisabled, isUnavailable, isOutsideMonth } = state
  if (isOutsideMonth) return `${cell} invisible`
  if (isSelected) return `${cell} bg-accent font-semibold text-on-accent`
  if (isDisabled || isUnavailable) return `${cell} text-ink-faint`
  return `${cell} bg-accent-soft font-semibold text-accent-ink cursor-pointer hover:ring-1 hover:ring-accent`
}

const step =
  'grid size-10 place-items-center rounded-md text-ink-soft hover:bg-hover hover:text-ink data-disabled:opacity-35'

/** One month; a day without a free time can be reached and read, but not chosen. */
export function Calendar({
  label,
  focused,
  isOpen,
  min,
  max,
  onNextIntent,
  ...rest
}: CalendarProps) {
  const { tag } = useText()
  return (
    <I18nProvider locale={tag}>
      <AriaCalendar
        aria-label={label}
        {...rest}
        focusedValue={focused}
        minValue={min}
        maxValue={max}
        isDateUnavailable={(date) => !isOpen(date as CalendarDate)}
      >
        <header className="-mt-2 flex items-center gap-1 pb-2">
          <CalendarHeading className="mr-auto pl-1.5 text-base font-semibold first-letter:uppercase" />
          <Button slot="previous" className={step}>
            <Icon name="left" />
          </Button>
          <Button slot="next" className={step} onHoverStart={onNextIntent} onFocus={onNextIntent}>
            <Icon name="right" />
          </Button>
        </header>
        <CalendarGrid weekdayStyle="short" className="w-full border-separate border-spacing-y-1">
          <CalendarGridHeader>
            {(day) => (
              <CalendarHeaderCell className="h-8 text-xs font-medium text-ink-faint">
                {day}
              </CalendarHeaderCell>
            )}
          </CalendarGridHeader>
          <CalendarGridBody>
            {(date) => <CalendarCell date={date} className={cellClass} />}
          </CalendarGridBody>
        </CalendarGrid>
      </AriaCalendar>
    </I18nProvider>
  )
}
