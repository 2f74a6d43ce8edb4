import { formatMinutes } from '../i18n/format.ts'
import { useText } from '../i18n/text.ts'
import { Notice } from '../ui/notice.tsx'

/** Asked too often: when it can be asked again. */
export function TooMany({ seconds }: { seconds: number }) {
  const { t, tag } = useText()
  const time = formatMinutes(Math.max(1, Math.ceil(seconds / 60)), tag)
  return <Notice tone="danger">{t('tooMany', { time })}</Notice>
}
