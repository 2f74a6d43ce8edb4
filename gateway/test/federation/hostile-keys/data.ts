/** Text, for only text holds `__proto__` as a key of its own. */
export const hostile = {
  root: `{"data":{
    "__proto__":{"polluted":"root","missing":"inherited"},
    "plain":{"__typename":"User","id":"1","name":"Ada"},
    "me":{
      "__typename":"User","id":"1","name":"Ada",
      "__proto__":{"polluted":"me","admin":true},"constructor":{"prototype":{"polluted":"c"}}
    },
    "admins":["x"],"extra":{"__proto__":{"polluted":"x"}}
  }}`,
  entity: `{"data":{"_entities":[{
    "__typename":"User","id":"1","__proto__":{"polluted":"entity","admin":true,"score":9},
    "level":3
  }]}}`,
}
