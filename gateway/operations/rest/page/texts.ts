import type { ErrorCode } from '#schema/errors'
import type { Language } from './language.ts'

type Texts = {
  readonly lead: string
  readonly machine: string
  readonly contents: string
  readonly skip: string
  readonly version: string
  readonly before: string
  readonly proof: Readonly<Record<'anonymous' | 'session' | 'bearer', string>>
  readonly rules: readonly string[]
  readonly kinds: Readonly<Record<'query' | 'mutation' | 'subscription', string>>
  readonly values: string
  readonly noValues: string
  readonly required: string
  readonly usual: string
  readonly scopes: string
  readonly answer: string
  readonly copy: string
  readonly copied: string
  readonly nothing: string
  readonly problems: string
  readonly problemsLead: string
  readonly codes: Readonly<Partial<Record<ErrorCode, string>>>
}

const en: Texts = {
  lead: 'Every operation that you may run, with a call that you can paste.',
  machine: 'For machines: OpenAPI 3.1',
  contents: 'Operations',
  skip: 'Skip to the operations',
  version: 'Version',
  before: 'Before the first call',
  proof: {
    anonymous:
      'You are nobody in particular here, and see what anybody may run. With the token of a program you see what that program may run.',
    session: 'You are signed in, and see what you may run.',
    bearer: 'This is what your program may run, with its token or its key.',
  },
  rules: [
    'Reads take GET, with their values in the address: a list is its name several times, a field of an object is filter[status]=…',
    'Everything takes POST, with one JSON object of values.',
    'A change takes an Idempotency-Key: the same key gets the same answer for 24 hours.',
    'The version is in the path, or in Accept as application/vnd.plexus.v1+json.',
    'What is missing in an answer that is otherwise there is null, and listed in the header x-plexus-errors.',
  ],
  kinds: { query: 'Reads', mutation: 'Changes', subscription: 'Streams' },
  values: 'Values',
  noValues: 'It takes no values.',
  required: 'required',
  usual: 'otherwise',
  scopes: 'Scopes',
  answer: 'An answer',
  copy: 'Copy',
  copied: 'Copied',
  nothing: 'There is nothing that you may run.',
  problems: 'When something goes wrong',
  problemsLead:
    'The body is application/problem+json. Its code is the same in REST, GraphQL and MCP; a refusal of an operation has a code of its own.',
  codes: {},
}

const fr: Texts = {
  lead: 'Chaque opération que vous pouvez lancer, avec un appel prêt à coller.',
  machine: 'Pour les machines : OpenAPI 3.1',
  contents: 'Opérations',
  skip: 'Aller aux opérations',
  version: 'Version',
  before: 'Avant le premier appel',
  proof: {
    anonymous:
      'Vous n’êtes personne en particulier ici, et voyez ce que tout le monde peut lancer. Avec le jeton d’un programme, vous voyez ce que ce programme peut lancer.',
    session: 'Vous êtes connecté, et voyez ce que vous pouvez lancer.',
    bearer: 'Voici ce que votre programme peut lancer, avec son jeton ou sa clé.',
  },
  rules: [
    'Une lecture prend GET, ses valeurs dans l’adresse : une liste est son nom répété, un champ d’un objet s’écrit filter[status]=…',
    'Tout prend POST, avec un seul objet JSON de valeurs.',
    'Une modification prend une Idempotency-Key : la même clé reçoit la même réponse pendant 24 heures.',
    'La version est dans le chemin, ou dans Accept : application/vnd.plexus.v1+json.',
    'Ce qui manque dans une réponse par ailleurs présente vaut null, et figure dans l’en-tête x-plexus-errors.',
  ],
  kinds: { query: 'Lectures', mutation: 'Modifications', subscription: 'Flux' },
  values: 'Valeurs',
  noValues: 'Elle ne prend aucune valeur.',
  required: 'obligatoire',
  usual: 'sinon',
  scopes: 'Droits',
  answer: 'Une réponse',
  copy: 'Copier',
  copied: 'Copié',
  nothing: 'Il n’y a rien que vous puissiez lancer.',
  problems: 'Quand quelque chose échoue',
  problemsLead:
    'Le corps est en application/problem+json. Son code est le même en REST, GraphQL et MCP ; le refus d’une opération porte son propre code.',
  codes: {
    BAD_REQUEST: 'La requête est incompréhensible',
    GRAPHQL_PARSE_FAILED: 'Le document n’est pas du GraphQL',
    GRAPHQL_VALIDATION_FAILED: 'L’opération ne convient pas au graphe',
    BAD_USER_INPUT: 'Certaines valeurs ne sont pas valides',
    DOCUMENT_TOO_COMPLEX: 'La requête demande trop à la fois',
    IDEMPOTENCY_MISMATCH: 'La clé d’idempotence a servi à autre chose',
    UNAUTHENTICATED: 'La preuve d’identité manque ou n’est pas bonne',
    FORBIDDEN: 'L’appelant n’y est pas autorisé',
    UNAUTHORIZED_FIELD_OR_TYPE: 'Les droits de l’appelant ne le permettent pas',
    CSRF: 'La requête vient d’un autre site',
    OPERATION_NOT_REGISTERED: 'Cette opération n’existe pas pour cet appelant',
    NOT_FOUND: 'Il n’y a rien à cette adresse',
    METHOD_NOT_ALLOWED: 'L’adresse ne répond pas à cette méthode',
    UNKNOWN_VERSION: 'Cette version n’existe pas',
    CONFLICT: 'Quelque chose d’autre a été fait entre-temps',
    IDEMPOTENCY_IN_FLIGHT: 'La même requête est encore en cours',
    OPERATION_RETIRED: 'L’opération n’est plus servie',
    BODY_TOO_LARGE: 'Le corps est trop grand',
    RATE_LIMITED: 'Trop de demandes en trop peu de temps',
    INTERNAL: 'Une erreur s’est produite chez nous',
    UNAVAILABLE: 'Un élément nécessaire est hors d’atteinte',
    TIMEOUT: 'La réponse a pris trop de temps',
  },
}

export const textsIn: Readonly<Record<Language, Texts>> = { en, fr }
export type { Texts }
