export const lamp = { id: 'l1', isOn: false }

export const reset = () => {
  lamp.isOn = false
}
