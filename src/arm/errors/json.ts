import type { ErrorEntry } from './entry.js'

/**
 * Errors with the sentences of Json.NET, which Compute deserializes with: those of version 6.0.8, run on mono
 * (Debian's libnewtonsoft-json). Recorded: ArrayExpected, for the action on a machine (azure-powershell #8651);
 * UnknownMember (azure-sdk-for-net #37855) and WrongType (OfficeDocs-Enterprise #45), for the PUT of a machine. Two of
 * them are in later lines and count their columns from 0, as azrun does; 6.0.8 counts from 1 there.
 */
export const jsonErrors = {
  UnknownMember: {
    status: 400,
    code: 'BadRequest',
    message: "Could not find member '{member}' on object of type '{type}'. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'recorded'
  },
  WrongType: {
    status: 400,
    code: 'BadRequest',
    message: "Error converting value {value} to type '{type}'. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'recorded'
  },
  TextExpected: {
    status: 400,
    code: 'BadRequest',
    message: "Error reading string. Unexpected token: {token}. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'inferred'
  },
  ObjectExpected: {
    status: 400,
    code: 'BadRequest',
    message: 'Cannot deserialize the current JSON array (e.g. [1,2,3]) into type \'{type}\' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly.\r\nTo fix this error either change the JSON to a JSON object (e.g. {"name":"value"}) or change the deserialized type to an array or a type that implements a collection interface (e.g. ICollection, IList) like List<T> that can be deserialized from a JSON array. JsonArrayAttribute can also be added to the type to force it to deserialize from a JSON array.\r\nPath \'{path}\', line {line}, position {position}.',
    layer: 'service',
    source: 'inferred'
  },
  ArrayExpected: {
    status: 400,
    code: 'BadRequest',
    message: 'Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type \'{type}\' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.\r\nTo fix this error either change the JSON to a JSON array (e.g. [1,2,3]) or change the deserialized type so that it is a normal .NET type (e.g. not a primitive type like integer, not a collection type like an array or List<T>) that can be deserialized from a JSON object. JsonObjectAttribute can also be added to the type to force it to deserialize from a JSON object.\r\nPath \'{path}\', line {line}, position {position}.',
    layer: 'service',
    source: 'recorded'
  },
  MalformedJson: {
    status: 400,
    code: 'BadRequest',
    message: "{reason}. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'inferred'
  }
} as const satisfies Record<string, ErrorEntry>
