import t from 'tap'
import { bodyTypeOf } from '../../../src/arm/json/body-type.js'
import { deserialize } from '../../../src/arm/json/deserialize.js'
import { readDocument, routesOf } from '../../../src/http/openapi.js'

/**
 * The results of Json.NET for these bodies: version 6.0.8 (Debian's libnewtonsoft-json) on mono, with
 *
 *     class RunCommandInputParameter { public string name { get; set; } public string value { get; set; } }
 *     class RunCommandInput { public string commandId { get; set; } public List<string> script { get; set; }
 *                             public List<RunCommandInputParameter> parameters { get; set; } }
 *     JsonConvert.DeserializeObject<RunCommandInput>(body,
 *       new JsonSerializerSettings { MissingMemberHandling = MissingMemberHandling.Error })
 *
 * From the second line on, its columns are one higher than the service's (OfficeDocs-Enterprise #45).
 */
const ACCEPTED: readonly (readonly [body: string, value: object | null])[] = [
  ['', null],
  [' ', null],
  ['null', null],
  ['{"commandId":1}', { commandId: '1' }],
  ['{"commandId":1.0}', { commandId: '1' }],
  ['{"commandId":1.50}', { commandId: '1.5' }],
  ['{"commandId":1e3}', { commandId: '1000' }],
  ['{"commandId":true}', { commandId: 'True' }],
  ['{"commandId":false}', { commandId: 'False' }],
  ['{"commandId":12345678901234567890}', { commandId: '12345678901234567890' }],
  ['{"commandId":-0}', { commandId: '0' }],
  ['{"commandId":-0.0}', { commandId: '0' }],
  ['{"commandId":0x1F}', { commandId: '31' }],
  ['{"commandId":017}', { commandId: '15' }],
  ['{"commandId":NaN}', { commandId: 'NaN' }],
  ['{"commandId":Infinity}', { commandId: 'Infinity' }],
  ['{"commandId":-Infinity}', { commandId: '-Infinity' }],
  ['{"commandId":.5}', { commandId: '0.5' }],
  ['{"commandId":1.}', { commandId: '1' }],
  ['{"commandId":"2024-01-01T00:00:00Z"}', { commandId: '2024-01-01T00:00:00Z' }],
  ['{"commandId":/*c*/"a"}', { commandId: 'a' }],
  ['/*x*/{"commandId":"a"}', { commandId: 'a' }],
  ['//x\n{"commandId":"a"}', { commandId: 'a' }],
  ['{/*c*/"commandId":"a"/*d*/,/*e*/}//f', { commandId: 'a' }],
  ["{'commandId':'a'}", { commandId: 'a' }],
  ['{commandId:"a"}', { commandId: 'a' }],
  ['{"commandId":"a",}', { commandId: 'a' }],
  ['{"commandId":"a","script":["a",]}', { commandId: 'a', script: ['a'] }],
  ['{"commandId":"a","script":[null,1,true,1.5,"x"]}', { commandId: 'a', script: ['', '1', 'True', '1.5', 'x'] }],
  ['{"commandId":"a"}\n//c', { commandId: 'a' }],
  ['{"commandId":"\\\'a\\/"}', { commandId: "'a/" }],
  ['{"commandId":"a\nb\tc"}', { commandId: 'a\nb\tc' }],
  ['{"commandId":"\\b\\t\\n\\f\\r\\"\\\\\\/"}', { commandId: '\b\t\n\f\r"\\/' }],
  ['\u0000', null],
  ['{"commandId":\u0000"a"}', { commandId: 'a' }],
  ['{"commandId":"a\u0000b"}', { commandId: 'a\u0000b' }],
  ['{"CommandId":"a","SCRIPT":["x"]}', { commandId: 'a', script: ['x'] }],
  ['{"commandId":"a","CommandId":"b"}', { commandId: 'b' }],
  ['{commandId :"a"}', { commandId: 'a' }],
  ['undefined', null],
  ['{"commandId":0.1}', { commandId: '0.1' }],
  ['{"commandId":0.30000000000000004}', { commandId: '0.3' }],
  ['{"commandId":123456789012345678}', { commandId: '123456789012345678' }],
  ['{"commandId":1e15}', { commandId: '1E+15' }],
  ['{"commandId":1e14}', { commandId: '100000000000000' }],
  ['{"commandId":1.5e-5}', { commandId: '1.5E-05' }],
  ['{"commandId":1e-5}', { commandId: '1E-05' }],
  ['{"commandId":1e-4}', { commandId: '0.0001' }],
  ['{"commandId":0.00001234}', { commandId: '1.234E-05' }],
  ['{"commandId":123456789.123456789}', { commandId: '123456789.123457' }],
  ['{"commandId":1e21}', { commandId: '1E+21' }],
  ['{"commandId":1.7976931348623157e308}', { commandId: '1.79769313486232E+308' }],
  ['{"commandId":9007199254740993.0}', { commandId: '9.00719925474099E+15' }],
  ['{"commandId":0xFFFFFFFFFFFFFFFF}', { commandId: '-1' }],
  ['{"commandId":00}', { commandId: '0' }],
  ['{"commandId":0777777777777777777777}', { commandId: '9223372036854775807' }],
  ['{"commandId":01777777777777777777777}', { commandId: '-1' }],
  ['{"commandId":-012}', { commandId: '-12' }],
  ['{"commandId":1.e5}', { commandId: '100000' }],
  ['{"commandId":-.5}', { commandId: '-0.5' }],
  ['{"commandId":-9999999999999999999999999}', { commandId: '-9999999999999999999999999' }],
  ['{"commandId":1/**/}', { commandId: '1' }],
  ['{"commandId":1e-5000}', { commandId: '0' }],
  ['{"commandId":5e-324}', { commandId: '4.94065645841247E-324' }],
  ['{"commandId":true/**/}', { commandId: 'True' }],
  ['{"commandId":0e1}', { commandId: '0' }],
  ['{"commandId":0E1}', { commandId: '0' }],
  ['{"commandId":0.}', { commandId: '0' }],
  ['{"commandId":1e05}', { commandId: '100000' }],
  ['{"commandId":123456789012345}', { commandId: '123456789012345' }],
  ['{"commandId":1234567890123456.0}', { commandId: '1.23456789012346E+15' }],
  ['{"commandId":999999999999999.9}', { commandId: '1E+15' }],
  ['{"commandId":99999999999999.95}', { commandId: '100000000000000' }],
  ['{"commandId":"\\ud800"}', { commandId: '\ufffd' }],
  ['{"commandId":"\\udc00\\ud800\\ud83d\\ude00x"}', { commandId: '\ufffd\ufffd😀x' }],
  ['{"commandId":"\\ud83d"}', { commandId: '\ufffd' }],
  ['{"commandId":"\\ud800\\ud800\\udc00"}', { commandId: '\ufffd𐀀' }],
  ['""', null],
  ["''", null],
  ['{"commandId":"a","script":["a"],"script":null}', { commandId: 'a' }],
  ['{"commandId"\u0085:1}', { commandId: '1' }],
  ['{\u00a0"commandId":1}', { commandId: '1' }],
  ['{"commandId"\u0000:1}', { commandId: '1' }],
  ['{commandId\u0000:1}', { commandId: '1' }],
  ['{"commandId":"a"}\u0000', { commandId: 'a' }]
]

/** Each body with the sentence, the path, the line and the position of its error. */
const REFUSED = [
  ['"x"', 'Error converting value "x" to type \'RunCommandInput\'.', '', 1, 3],
  ['1', "Error converting value 1 to type 'RunCommandInput'.", '', 1, 1],
  ['true', "Error converting value True to type 'RunCommandInput'.", '', 1, 4],
  ['{"commandId":1E400}', "Input string '1E400' is not a valid number.", 'commandId', 1, 18],
  ['{"commandId":undefined}', 'Error reading string. Unexpected token: Undefined.', 'commandId', 1, 22],
  ['{"commandId":+1}', 'Unexpected character encountered while parsing value: +.', 'commandId', 1, 13],
  ['{"commandId":1a}', "Input string '1a' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":"a","script":[,]}', 'Error reading string. Unexpected token: Undefined.', 'script[0]', 1, 27],
  ['{"commandId":"a","script":["a",,"b"]}', 'Error reading string. Unexpected token: Undefined.', 'script[1]', 1, 31],
  ['{"commandId":{}}', 'Error reading string. Unexpected token: StartObject.', 'commandId', 1, 14],
  ['{"commandId":[]}', 'Error reading string. Unexpected token: StartArray.', 'commandId', 1, 14],
  ['{"script":"x"}', 'Error converting value "x" to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 1, 13],
  ['{"script":1}', 'Error converting value 1 to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 1, 11],
  ['{"script":true}', 'Error converting value True to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 1, 14],
  ['{"script":[{}]}', 'Error reading string. Unexpected token: StartObject.', 'script[0]', 1, 12],
  ['{"script":[[]]}', 'Error reading string. Unexpected token: StartArray.', 'script[0]', 1, 12],
  ['{"parameters":"x"}', 'Error converting value "x" to type \'System.Collections.Generic.List`1[RunCommandInputParameter]\'.', 'parameters', 1, 17],
  ['{"parameters":["x"]}', 'Error converting value "x" to type \'RunCommandInputParameter\'.', 'parameters[0]', 1, 18],
  ['{"parameters":[1]}', "Error converting value 1 to type 'RunCommandInputParameter'.", 'parameters[0]', 1, 16],
  ['{"parameters":[{"x":1}]}', "Could not find member 'x' on object of type 'RunCommandInputParameter'.", 'parameters[0].x', 1, 20],
  ['{"parameters":[{"name":{}}]}', 'Error reading string. Unexpected token: StartObject.', 'parameters[0].name', 1, 24],
  ['{"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 1, 5],
  ['{"x"', "Invalid character after parsing property name. Expected ':' but got: \u0000.", '', 1, 4],
  ['{"x":', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 1, 5],
  ['{"commandId"', "Invalid character after parsing property name. Expected ':' but got: \u0000.", '', 1, 12],
  ['{"commandId":', "Unexpected end when setting commandId's value.", 'commandId', 1, 13],
  ['{"commandId":"a', 'Unterminated string. Expected delimiter: ".', 'commandId', 1, 15],
  ['{"commandId":"a"', 'Unexpected end when deserializing object.', 'commandId', 1, 16],
  ['{"commandId":"a",', 'Unexpected end when deserializing object.', 'commandId', 1, 17],
  ['{', 'Unexpected end when deserializing object.', '', 1, 1],
  ['{"', 'Unterminated string. Expected delimiter: ".', '', 1, 2],
  ['{"script":[', 'Unexpected end when deserializing array.', 'script', 1, 11],
  ['{"script":["a"', 'Unexpected end when deserializing array.', 'script[0]', 1, 14],
  ['{"script":["a",', 'Unexpected end when deserializing array.', 'script[0]', 1, 15],
  ['{"commandId":tru}', 'Error parsing boolean value.', 'commandId', 1, 13],
  ['{"commandId":truex}', 'Error parsing boolean value.', 'commandId', 1, 17],
  ['{"commandId":nul}', 'Error parsing null value.', 'commandId', 1, 13],
  ['{"commandId":x}', 'Unexpected character encountered while parsing value: x.', 'commandId', 1, 13],
  ['{"commandId" "a"}', 'Invalid character after parsing property name. Expected \':\' but got: ".', '', 1, 13],
  ['{"commandId":"a" "b":1}', 'After parsing a value an unexpected character was encountered: ".', 'commandId', 1, 17],
  ['{"script":["a" "b"]}', 'After parsing a value an unexpected character was encountered: ".', 'script[0]', 1, 15],
  ['x', 'Unexpected character encountered while parsing value: x.', '', 0, 0],
  ['{"commandId":"a"}x', 'Additional text encountered after finished reading JSON content: x.', '', 1, 17],
  ['{"commandId":"a"}{}', 'Additional text encountered after finished reading JSON content: {.', '', 1, 17],
  ['{"commandId":"a"} null', 'Additional text encountered after finished reading JSON content: n.', '', 1, 18],
  ['{"commandId":"a"}]', 'Additional text encountered after finished reading JSON content: ].', '', 1, 17],
  ['{"commandId":"\\x"}', 'Bad JSON escape sequence: \\x.', 'commandId', 1, 16],
  ['{"commandId":"\\u12"}', 'Unexpected end while parsing unicode character.', 'commandId', 1, 16],
  ['{"commandId":"a\\', 'Unterminated string. Expected delimiter: ".', 'commandId', 1, 16],
  ['\ufeff{"commandId":"a"}', 'Unexpected character encountered while parsing value: \ufeff.', '', 0, 0],
  ['{"commandId":"a","$type":"x"}', "Could not find member '$type' on object of type 'RunCommandInput'.", '$type', 1, 25],
  ['{"a.b":1}', "Could not find member 'a.b' on object of type 'RunCommandInput'.", "['a.b']", 1, 7],
  ['{"a b":1}', "Could not find member 'a b' on object of type 'RunCommandInput'.", "['a b']", 1, 7],
  ['{"it\'s":1}', "Could not find member 'it's' on object of type 'RunCommandInput'.", "it's", 1, 8],
  ['{"parameters":[{"a.b":1}]}', "Could not find member 'a.b' on object of type 'RunCommandInputParameter'.", "parameters[0].['a.b']", 1, 22],
  ['{1:2}', "Could not find member '1' on object of type 'RunCommandInput'.", '1', 1, 3],
  ['{"":1}', "Could not find member '' on object of type 'RunCommandInput'.", '', 1, 4],
  ['{ "commandId" : "a" , "x" : 1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 1, 27],
  ['{"commandId":"a"\r\n,"x":\r1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 5],
  ['{-a:1}', 'Invalid property identifier character: -.', '', 1, 1],
  ['{$a:1}', "Could not find member '$a' on object of type 'RunCommandInput'.", '$a', 1, 4],
  ['{a-b:1}', 'Invalid JavaScript property identifier character: -.', '', 1, 2],
  ['{a', 'Unexpected end while parsing unquoted property name.', '', 1, 2],
  ['{commandId', 'Unexpected end while parsing unquoted property name.', '', 1, 10],
  ['{"commandId":"a"}/', 'Unexpected end while parsing comment.', '', 1, 18],
  ['/', 'Unexpected end while parsing comment.', '', 1, 1],
  ['{"commandId":/', 'Unexpected end while parsing comment.', 'commandId', 1, 14],
  ['/*', 'Unexpected end while parsing comment.', '', 1, 1],
  ['{"commandId":/*', 'Unexpected end while parsing comment.', 'commandId', 1, 14],
  ['{"parameters":[{"name":"a","value":"b"}', 'Unexpected end when deserializing array.', 'parameters[0]', 1, 39],
  ['{"parameters":[{"name"', "Invalid character after parsing property name. Expected ':' but got: \u0000.", 'parameters[0]', 1, 22],
  ['{"parameters":[{', 'Unexpected end when deserializing object.', 'parameters[0]', 1, 16],
  ['{"commandId":"a","script":["a"]]}', 'JsonToken EndArray is not valid for closing JsonType Object.', '', 1, 32],
  ['{"script":]}', 'JsonToken EndArray is not valid for closing JsonType Object.', '', 1, 11],
  ['{"commandId":}', 'Unexpected character encountered while parsing value: }.', 'commandId', 1, 13],
  ['{,}', 'Invalid property identifier character: ,.', '', 1, 1],
  ['{"commandId":,}', 'Error reading string. Unexpected token: Undefined.', 'commandId', 1, 13],
  ['"abc', 'Unterminated string. Expected delimiter: ".', '', 1, 4],
  ["'abc'", 'Error converting value "abc" to type \'RunCommandInput\'.', '', 1, 5],
  ['tru', 'Error parsing boolean value.', '', 0, 0],
  ['nul', 'Error parsing null value.', '', 0, 0],
  ['NaN', "Error converting value NaN to type 'RunCommandInput'.", '', 1, 3],
  ['-', "Input string '-' is not a valid number.", '', 1, 1],
  ['{"commandId":-}', "Input string '-' is not a valid number.", 'commandId', 1, 14],
  ['{"commandId":--1}', "Input string '--1' is not a valid number.", 'commandId', 1, 16],
  ['{"commandId":1-1}', "Input string '1-1' is not a valid number.", 'commandId', 1, 16],
  ['{"commandId":1 2}', 'After parsing a value an unexpected character was encountered: 2.', 'commandId', 1, 15],
  ['{"script":[1 2]}', 'After parsing a value an unexpected character was encountered: 2.', 'script[0]', 1, 13],
  ['{"script":[-]}', "Input string '-' is not a valid number.", 'script[0]', 1, 12],
  ['{\n"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 4],
  ['{\r\n"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 4],
  ['{\r"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 4],
  ['{\n\n"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 3, 4],
  ['\n{"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 5],
  ['{"commandId":"a\nb","x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 7],
  ['{"commandId":"a\r\nb","x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 7],
  ['{/*\n*/"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 6],
  ['//\n{"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 5],
  ['{\n  "commandId": "a"\n', 'Unexpected end when deserializing object.', 'commandId', 3, 0],
  [' x', 'Unexpected character encountered while parsing value: x.', '', 1, 1],
  ['{"script":"x\n"}', 'Error converting value "x\n" to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 2, 1],
  ["{'commandId':\n  {}}", 'Error reading string. Unexpected token: StartObject.', 'commandId', 2, 3],
  ['{"commandId":\n null, "x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 2, 11],
  ['{"commandId":tru\n}', 'Error parsing boolean value.', 'commandId', 1, 13],
  ['{"commandId":0x1FFFFFFFFFFFFFFFF}', "Input string '0x1FFFFFFFFFFFFFFFF' is not a valid number.", 'commandId', 1, 32],
  ['{"commandId":0x}', "Input string '0x' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":09}', "Input string '09' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":02777777777777777777777}', "Input string '02777777777777777777777' is not a valid number.", 'commandId', 1, 36],
  ['{"commandId":-0x1}', "Input string '-0x1' is not a valid number.", 'commandId', 1, 17],
  ['{"commandId":1e}', "Input string '1e' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":1e+}', "Input string '1e+' is not a valid number.", 'commandId', 1, 16],
  ['{"commandId":.}', "Input string '.' is not a valid number.", 'commandId', 1, 14],
  ['{"commandId":-.}', "Input string '-.' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":1.2.3}', "Input string '1.2.3' is not a valid number.", 'commandId', 1, 18],
  ['{"commandId":1..}', "Input string '1..' is not a valid number.", 'commandId', 1, 16],
  ['{"commandId":1/}', 'Unexpected end while parsing comment.', 'commandId', 1, 15],
  ['{"commandId":1)}', 'JsonToken EndConstructor is not valid for closing JsonType Object.', '', 1, 15],
  ['{"commandId":1x}', "Input string '1x' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":1X}', "Input string '1X' is not a valid number.", 'commandId', 1, 15],
  ['{"commandId":0b1}', "Input string '0b1' is not a valid number.", 'commandId', 1, 16],
  ['{"commandId":1e5000}', "Input string '1e5000' is not a valid number.", 'commandId', 1, 19],
  ['{"commandId":1q}', 'Unexpected character encountered while parsing number: q.', 'commandId', 1, 14],
  ['{"commandId":\u00b2}', 'Unexpected character encountered while parsing number: \u00b2.', 'commandId', 1, 13],
  ['{"commandId":٣}', 'Unexpected character encountered while parsing number: ٣.', 'commandId', 1, 13],
  ['{"commandId":true/}', 'Error parsing boolean value.', 'commandId', 1, 17],
  ['{"commandId":true)}', 'Error parsing boolean value.', 'commandId', 1, 17],
  ['{"commandId":null/}', 'Error parsing null value.', 'commandId', 1, 17],
  ['{"commandId":nullx}', 'Error parsing null value.', 'commandId', 1, 17],
  ['{"commandId":undefinedx}', 'Error parsing undefined value.', 'commandId', 1, 22],
  ['{"commandId":undefine}', 'Error parsing undefined value.', 'commandId', 1, 13],
  ['{"commandId":NaNx}', 'Error parsing NaN value.', 'commandId', 1, 16],
  ['{"commandId":Na}', 'Error parsing NaN value.', 'commandId', 1, 13],
  ['{"commandId":Inf}', 'Error parsing positive infinity value.', 'commandId', 1, 13],
  ['{"commandId":-Inf}', 'Error parsing negative infinity value.', 'commandId', 1, 13],
  ['{"commandId":-Infinityx}', 'Error parsing negative infinity value.', 'commandId', 1, 22],
  ['{"commandId":Infinity1}', 'Error parsing positive infinity value.', 'commandId', 1, 21],
  ['{"commandId":"\\u00"}', 'Unexpected end while parsing unicode character.', 'commandId', 1, 16],
  ['{"commandId":n}', 'Unexpected character encountered while parsing value: n.', 'commandId', 1, 13],
  ['{"commandId":nx}', 'Unexpected character encountered while parsing value: n.', 'commandId', 1, 13],
  ['{"commandId":0.5e}', "Input string '0.5e' is not a valid number.", 'commandId', 1, 17],
  ['{"script":2.50}', 'Error converting value 2.5 to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 1, 14],
  ['{"script":NaN}', 'Error converting value NaN to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 1, 13],
  ['{"script":12345678901234567890123}', 'Error converting value 12345678901234567890123 to type \'System.Collections.Generic.List`1[System.String]\'.', 'script', 1, 33],
  ['{"script":{', 'Unexpected end when deserializing object.', 'script', 1, 11],
  ['{"script":{]', 'Invalid property identifier character: ].', 'script', 1, 11],
  ['{"parameters":[{"name":]', 'JsonToken EndArray is not valid for closing JsonType Object.', 'parameters[0]', 1, 24],
  ['}', 'Unexpected character encountered while parsing value: }.', '', 0, 0],
  [']', 'JsonToken EndArray is not valid for closing JsonType None.', '', 1, 1],
  [')', 'JsonToken EndConstructor is not valid for closing JsonType None.', '', 1, 1],
  ['{)', 'Invalid property identifier character: ).', '', 1, 1],
  ['{]', 'Invalid property identifier character: ].', '', 1, 1],
  ['{"commandId":"a"\r\n', 'Unexpected end when deserializing object.', 'commandId', 3, 0],
  ['{"commandId":"a"\r\n ', 'Unexpected end when deserializing object.', 'commandId', 2, 1],
  ['{"commandId"/**/:1}', "Invalid character after parsing property name. Expected ':' but got: /.", '', 1, 12],
  ['{\ufeff"commandId":1}', 'Invalid property identifier character: \ufeff.', '', 1, 1],
  ['{\u0000"x":1}', "Could not find member 'x' on object of type 'RunCommandInput'.", 'x', 1, 6],
  ['{"commandId":"a"}\u0000x', 'Additional text encountered after finished reading JSON content: x.', '', 1, 18],
  ['{\u00e91_$:1}', "Could not find member '\u00e91_$' on object of type 'RunCommandInput'.", '\u00e91_$', 1, 6],
  ['{"parameters":[{}{}]}', 'After parsing a value an unexpected character was encountered: {.', 'parameters[0]', 1, 17],
  ['{"script":["a"}', 'JsonToken EndObject is not valid for closing JsonType Array.', 'script', 1, 15],
  ['{"script":["a"],]', 'Invalid property identifier character: ].', 'script', 1, 16],
  ['{"x[0]":1}', "Could not find member 'x[0]' on object of type 'RunCommandInput'.", "['x[0]']", 1, 8],
  ['{"x)":1}', "Could not find member 'x)' on object of type 'RunCommandInput'.", "['x)']", 1, 6],
  ['{"parameters":[{"x y":1}]}', "Could not find member 'x y' on object of type 'RunCommandInputParameter'.", "parameters[0].['x y']", 1, 22],
  ['{"commandId":"a"},', 'Additional text encountered after finished reading JSON content: ,.', '', 1, 17],
  [',', 'Additional text encountered after finished reading JSON content: ,.', '', 1, 0],
  [':', 'Unexpected character encountered while parsing value: :.', '', 0, 0],
  ['{:', 'Invalid property identifier character: :.', '', 1, 1],
  ['{"commandId"::1}', 'Unexpected character encountered while parsing value: :.', 'commandId', 1, 13],
  ['{"script":[:]}', 'Unexpected character encountered while parsing value: :.', 'script', 1, 11],
  ['{"commandId":"a"}//', 'Unexpected end while parsing comment.', '', 1, 18],
  ['{"commandId":"a"//', 'Unexpected end while parsing comment.', 'commandId', 1, 17]
] as const

/** Where azrun deviates from Json.NET, and why. */
const DEVIATIONS = [
  // Version 6 fails with a FormatException of .NET. This is the message of version 12.
  ['{"commandId":"\\u12zz"}', /^Invalid Unicode escape sequence: \\u12zz\. Path 'commandId', line 1, position 16\.$/],
  // Metadata: no client of the contract sends any, and its effect depends on the service's settings.
  ['{"$type":"x","commandId":"a"}', /^Could not find member '\$type' on object of type 'RunCommandInput'/],
  // Constructors, which are JavaScript syntax.
  ['{"commandId":new Date(1)}', /^Unexpected character encountered while parsing value: n\. Path 'commandId', line 1, position 13/],
  // Text after a comment that follows the body, which Json.NET ignores.
  ['{"commandId":"a"}/**/x', /^Additional text encountered after finished reading JSON content: x/]
] as const

const document = readDocument('arm.json')
const typeOf = (operationId: string) =>
  bodyTypeOf(document, routesOf(document).find(({ operation }) => operation.operationId === operationId)!.operation)
const type = typeOf('VirtualMachines_RunCommand')
/** A type with numbers, booleans, a dictionary and an object in an object. */
const managed = typeOf('VirtualMachineRunCommands_CreateOrUpdate')

t.test('accepts the bodies that Json.NET accepts, with the same values', async t => {
  for (const [body, value] of ACCEPTED) t.strictSame(defined(deserialize(body, type).value), value, shown(body))
})

t.test('refuses the bodies that Json.NET refuses, with its message and position', async t => {
  for (const [body, sentence, path, line, position] of REFUSED) {
    t.throws(() => deserialize(body, type), {
      message: `${sentence} Path '${path}', line ${line}, position ${position}.`
    }, shown(body))
  }
})

t.test('reads numbers and booleans, also in text, and takes null as absent', async t => {
  for (const [member, value, leniencies] of [
    ['"timeoutInSeconds":5', { timeoutInSeconds: 5 }, []],
    ['"timeoutInSeconds":2147483647', { timeoutInSeconds: 2147483647 }, []],
    ['"timeoutInSeconds":-2147483648', { timeoutInSeconds: -2147483648 }, []],
    ['"timeoutInSeconds":" +5 "', { timeoutInSeconds: 5 }, ['text']],
    ['"timeoutInSeconds":null', {}, []],
    ['"asyncExecution":true', { asyncExecution: true }, []],
    ['"asyncExecution":false', { asyncExecution: false }, []],
    ['"asyncExecution":"TRUE"', { asyncExecution: true }, ['text']],
    ['"asyncExecution":" False"', { asyncExecution: false }, ['text']],
    ['"asyncExecution":null', {}, []]
  ] as const) {
    const read = deserialize(`{"location":"westus","properties":{${member}}}`, managed)
    t.strictSame(defined(read.value!['properties'] as object), value, member)
    t.strictSame([...read.leniencies], leniencies, member)
  }
})

t.test('refuses values that are no number of 32 bits and no boolean', async t => {
  const [number, boolean] = ['System.Int32', 'System.Boolean']
  for (const [name, value, said, type] of [
    ['timeoutInSeconds', '2147483648', '2147483648', number],
    ['timeoutInSeconds', '1.5', '1.5', number],
    ['timeoutInSeconds', '""', '""', number],
    ['timeoutInSeconds', '"1e3"', '"1e3"', number],
    ['timeoutInSeconds', '"x5"', '"x5"', number],
    ['timeoutInSeconds', 'true', 'True', number],
    ['timeoutInSeconds', '{}', 'StartObject', number],
    ['timeoutInSeconds', '[]', 'StartArray', number],
    ['asyncExecution', '1', '1', boolean],
    ['asyncExecution', '"xtrue"', '"xtrue"', boolean],
    ['asyncExecution', '"truex"', '"truex"', boolean],
    ['asyncExecution', '"xfalse"', '"xfalse"', boolean],
    ['asyncExecution', '"falsex"', '"falsex"', boolean]
  ] as const) {
    const message = new RegExp(`^Error converting value ${said} to type '${type}'\\. Path 'properties\\.${name}', line 1, position \\d+\\.$`)
    t.throws(() => deserialize(`{"properties":{"${name}":${value}}}`, managed), { message }, `${name} ${value}`)
  }
})

t.test('reads a dictionary with the names as sent, and an empty text for null', async t => {
  for (const [tags, value] of [
    ['{"A":"1","a":2,"b":null,"__proto__":"x"}', { A: '1', a: '2', b: '', ['__proto__']: 'x' }],
    ['{}', {}],
    ['null', undefined],
    ['""', undefined]
  ] as const) {
    const { value: read } = deserialize(`{"location":"westus","tags":${tags}}`, managed)
    const sent = read!['tags'] as object | undefined
    t.strictSame(sent && Object.entries(sent), value && Object.entries(value), tags)
  }
})

t.test('refuses a list where it expects an object or a dictionary, and an unfinished one', async t => {
  const map = 'System.Collections.Generic.Dictionary`2[System.String,System.String]'
  const requiresObject = (type: string) => `into type '${type}' because the type requires a JSON object (e.g. {"name":"value"})`
  for (const [body, message] of [
    ['[]', requiresObject('VirtualMachineRunCommand')],
    ['{"tags":[]}', requiresObject(map)],
    ['{"tags":"x"}', `Error converting value "x" to type '${map}'. Path 'tags', line 1, position 11.`],
    ['{"tags":{"a":{}}}', "Error reading string. Unexpected token: StartObject. Path 'tags.a', line 1, position 14."],
    ['{"tags":{"a":', "Unexpected end when setting a's value. Path 'tags.a', line 1, position 13."],
    ['{"tags":{"a":"b"', "Unexpected end when deserializing object. Path 'tags.a', line 1, position 16."],
    ['{"properties":[]}', requiresObject('VirtualMachineRunCommandProperties')]
  ] as const) {
    t.throws(() => deserialize(body, managed), { message }, body)
  }
})

t.test('deviates from Json.NET where no client benefits', async t => {
  for (const [body, message] of DEVIATIONS) t.throws(() => deserialize(body, type), { message }, shown(body))
})

t.test('reads integers of up to 380 characters', async t => {
  const digits = '9'.repeat(380)
  t.match(deserialize(`{"commandId":${digits}}`, type).value, { commandId: digits })
  const message = `JSON integer ${'9'.repeat(100)}… is too large to parse. Path 'commandId', line 1, position 394.`
  t.throws(() => deserialize(`{"commandId":9${digits}}`, type), { message })
})

t.test('repeats at most 100 characters of a value in an error', async t => {
  for (const [length, shown] of [[100, 'x'.repeat(100)], [101, `${'x'.repeat(100)}…`]] as const) {
    const name = 'x'.repeat(length)
    t.throws(() => deserialize(`{"${name}":1}`, type), { message: `Could not find member '${shown}' on object` }, `${length}`)
  }
})

t.test('uses the last of several lists with the same name', async t => {
  t.strictSame(deserialize('{"commandId":"a","script":["1"],"Script":["2"]}', type).value, { commandId: 'a', script: ['2'] })
})

t.test('returns the leniencies that it applied', async t => {
  for (const [body, leniencies] of [
    ['{"commandId":"a","script":["b"]}', []],
    [' {\t"commandId" :\r\n"a" } ', []],
    ['{"commandId":"\\b\\t\\n\\f\\r\\"\\\\\\/"}', []],
    ['{"CommandId":"a"}', ['member name']],
    ['{"commandId":1}', ['number']],
    ['{"commandId":true}', ['boolean']],
    ['{"commandId":"a","script":null}', ['null']],
    ['{"commandId":"a","script":[null]}', ['null']],
    ['{"commandId":"a","script":""}', ['empty text']],
    ['{"commandId":"a",}', ['JSON syntax']],
    ["{'commandId':'a'}", ['JSON syntax']],
    ['{commandId:"a"}', ['JSON syntax']],
    ['{"commandId":"a"}//x', ['JSON syntax']],
    ['{"commandId":"a\n"}', ['JSON syntax']],
    ['{"commandId":.5}', ['JSON syntax', 'number']],
    ['{"commandId":"a"\u00a0}', ['JSON syntax']],
    ['{"COMMANDID":1,"script":null}', ['member name', 'number', 'null']]
  ] as const) {
    t.strictSame([...deserialize(body, type).leniencies], leniencies, shown(body))
  }
})

t.test('names the first missing member, unless the body has another mistake', async t => {
  for (const [body, parameter] of [
    ['{}', 'commandId'],
    ['{"commandId":null}', 'commandId'],
    ['{"parameters":[{}]}', 'commandId'],
    ['{"commandId":"a","parameters":[null]}', 'parameters[0]'],
    ['{"commandId":"a","parameters":[{"name":"a","value":"b"},{"name":"a"},{}]}', 'parameters[1].value'],
    ['{"commandId":"a","parameters":[{"name":null,"value":"b"}]}', 'parameters[0].name']
  ] as const) {
    t.throws(() => deserialize(body, type), { message: `Required parameter '${parameter}' is missing (null).` }, shown(body))
  }
  t.throws(() => deserialize('{"parameters":[{}],"x":1}', type), { message: /^Could not find member 'x'/ })
})

/** The object without undefined members. */
function defined (value: object | null): object | null {
  return value === null ? null : Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

/** For assertion messages: escapes the characters that would break the report. */
function shown (body: string): string {
  return JSON.stringify(body).replaceAll(/[\u0080-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
