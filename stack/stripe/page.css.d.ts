/** Imported as text: the sheet is a part of every page. */
declare const text: string
export = text
