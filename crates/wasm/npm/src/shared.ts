// What the entries share: a file of its own in the package, so that an error of each is of one class.

export { bytes, joined } from "./bytes.js";
export { invalid, RcsRevokeError } from "./error.js";
export { fetched } from "./fetched.js";
export { putHeaders } from "./headers.js";
export { handleOf, Held, hold, placeOf } from "./held.js";
export { moduleOf } from "./module.js";
export { putSources, SOURCE } from "./sources.js";
export { LONGEST, text, utf8 } from "./text.js";
export { array, millis, only, Question, reader, reading, shape, string, type Shape, whole } from "./wire.js";
