/** Each is a name that composition has to rewrite, and two come out alike. */
export const names = ['my-shop.v2', 'my_shop_v2', '2-fast', 'MY-SHOP.V2'] as const
