/** Every key of it means something elsewhere, and here nothing. */
export const settings: unknown = JSON.parse(
  `{
    "id": 7,
    "__typename": "Setting",
    "__proto__": { "polluted": true },
    "constructor": null,
    "nested": { "name": ["a", { "__typename": "Query", "value": 0.1 }], "value": false },
    "": ""
  }`,
)

/** Numbers and texts that look alike are different keys. */
export const codes = [1, '1', true, 'true']

export const falsy = [0, '', false, null, []]

export const large = [9007199254740991, -1e21, 1e-7, '123456789012345678901234567890']
