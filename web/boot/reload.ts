/** Only in `up --watch`: reloads the page when a new build is there. */
let known: string | null = null

setInterval(async () => {
  const response = await fetch('/build.txt', { cache: 'no-store' }).catch(() => null)
  if (!response?.ok) return
  const build = await response.text()
  if (known !== null && known !== build) location.reload()
  known = build
}, 1_000)
