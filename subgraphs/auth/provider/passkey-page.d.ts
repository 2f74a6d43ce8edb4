/** Imported as text: the script is a part of the page that asks for a passkey. */
declare const text: string
export = text
