const form = document.getElementById('passkey')
const button = form.querySelector('button')
const fault = document.getElementById('passkey-fault')

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  )

const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

async function answer() {
  const options = JSON.parse(form.dataset.options)
  const credential = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytesOf(options.challenge),
      allowCredentials: (options.allowCredentials ?? []).map((known) => ({
        ...known,
        id: bytesOf(known.id),
      })),
    },
  })
  const { clientDataJSON, authenticatorData, signature } = credential.response
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: textOf(clientDataJSON),
      authenticatorData: textOf(authenticatorData),
      signature: textOf(signature),
    },
  })
}

async function submitPasskey() {
  fault.hidden = true
  button.disabled = true
  try {
    form.elements.passkey.value = await answer()
    form.submit()
  } catch {
    // Nobody touched the key, or said no: they may try again.
    fault.hidden = false
    button.disabled = false
    button.focus()
  }
}

if (window.PublicKeyCredential) {
  form.hidden = false
  button.addEventListener('click', submitPasskey)
}
