/** The browser tab's title; React lifts it into the head. */
export const PageTitle = ({ title }: { title: string }) => (
  <title>{title === 'Plexus' ? title : `${title} · Plexus`}</title>
)
