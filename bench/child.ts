/** What a child has said once that holds `text`, or all of it when the child ended first. */
export async function saidUntil(stdout: ReadableStream<Uint8Array>, text: string): Promise<string> {
  const decoder = new TextDecoder()
  let said = ''
  for await (const chunk of stdout) {
    said += decoder.decode(chunk)
    if (said.includes(text)) break
  }
  return said
}
