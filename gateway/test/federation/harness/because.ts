/** Quotes by which an engine is wrong where the two of them differ. */
export const because = {
  /** Source: Federation, "@requires". */
  requires:
    'This tells the router that it needs to fetch the values of those externally defined fields ' +
    "first, even if the original client query didn't request them.",
  /** Source: GraphQL, September 2025, 5. The schema is the one that the client knows. */
  valid:
    'GraphQL does not just verify if a request is syntactically correct, but also ensures that it ' +
    'is unambiguous and mistake-free in the context of a given GraphQL schema.',
  /** Source: Federation, "@key". */
  key:
    'Key fields are a set of fields that a subgraph can use to uniquely identify any instance of ' +
    'the entity.',
  /** Source: Federation, "@interfaceObject". */
  interfaceObject:
    'This abstraction enables a subgraph to automatically contribute fields to all entities that ' +
    'implement a particular entity interface.',
  /** Source: Federation, release notes of version 2.7. */
  label:
    'When a label is added to an @override application, the override becomes conditional, ' +
    'depending on parameters provided to the query planner (a set of which labels should be ' +
    'overridden).',
  /** Source: GraphQL, September 2025, 6.2.2. */
  serially:
    'If the operation is a mutation, the result of the operation is the result of executing the ' +
    "operation's root selection set on the mutation root object type. This selection set should " +
    'be executed serially.',
  /** Source: GraphQL, September 2025, 6.4.4. */
  failedField:
    'If an execution error is raised while resolving a field, it is handled as though the field ' +
    'returned null, and the error must be added to the "errors" list in the response.',
  /** Source: GraphQL, September 2025, 6.4.4. */
  nonNull:
    'If the result of resolving a field is null (either because the function to resolve the field ' +
    'returned null or because an execution error was raised), and that field is of a Non-Null ' +
    'type, then an execution error is raised.',
  /** Source: the table of what the engines may differ in, first row. */
  unionMember:
    'A union member that only one subgraph knows is null; stitching resolves it further.',
} as const
