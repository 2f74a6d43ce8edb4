/** A placeholder with the size of what will stand there. */
export const Skeleton = ({ className }: { className: string }) => (
  <span aria-hidden="true" className={`block animate-pulse rounded-md bg-sunken ${className}`} />
)
