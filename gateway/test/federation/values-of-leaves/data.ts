/** As text, for what JSON allows and a JavaScript subgraph would never write. */
export const numbers = `{"data":{"numbers":{
  "one":1.0,"thousand":1e3,"minus":-0.0,"half":0.5,"large":1E21,"whole":3,"yes":true,
  "numberAsId":7,"longId":"9007199254740993","text":"1","list":[1.0,2e0,null]
}}}`

export const wrong = `{"data":{"wrong":{
  "one":"one","half":"0.5","yes":"yes","text":{"toString":"x"},"id":{"a":1},"list":[1,"2",{}],
  "objects":7,"size":"tiny"
}}}`
