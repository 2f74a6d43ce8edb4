/** As text: a subgraph of another language has no trouble with such fields. */
export const boxes = `{"data":{
  "boxes":[
    {"__typename":"Box","id":"1","constructor":11,"toString":"text"},
    {"__typename":"Box","id":"2"},
    {"__typename":"Box","id":"3","constructor":13,"toString":"lost","toLocaleString":{}}
  ],
  "valueOf":null
}}`

export const labels = `{"data":{"_entities":[
  {"__typename":"Box","isPrototypeOf":true,"hasOwnProperty":[{"valueOf":1}]},
  {"__typename":"Box","hasOwnProperty":[{}]},
  null
]}}`
