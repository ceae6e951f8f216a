/** A module as workerd and Vercel's edge runtime import it: compiled. (Bundlers that give its URL have types of their own for that.) */
declare const module: WebAssembly.Module;
export default module;
