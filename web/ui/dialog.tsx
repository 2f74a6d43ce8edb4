import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

type DialogProps = {
  title: string
  onClose: () => void
  children: ReactNode
  actions: ReactNode
}

/** A question that needs an answer first: focus stays inside, Escape closes, focus goes back. */
export const Dialog = ({ title, onClose, children, actions }: DialogProps) => (
  <ModalOverlay
    isOpen
    onOpenChange={(open) => !open && onClose()}
    isDismissable
    className="fixed inset-0 z-40 grid place-items-end bg-[rgb(10_16_15/0.55)] p-3 sm:place-items-center"
  >
    <Modal className="w-full max-w-md animate-rise rounded-xl border border-line bg-raised shadow-3">
      <AriaDialog role="alertdialog" className="p-6 outline-none">
        <Heading slot="title" className="text-xl font-semibold">
          {title}
        </Heading>
        <div className="mt-3 text-ink-soft">{children}</div>
        <div className="mt-6 flex flex-wrap-reverse justify-end gap-3 max-sm:*:w-full">
          {actions}
        </div>
      </AriaDialog>
    </Modal>
  </ModalOverlay>
)
