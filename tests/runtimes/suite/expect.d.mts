export function equal(actual: unknown, expected: unknown, what: string): void;
export function holds(condition: unknown, what: string): void;
export function fails(call: () => unknown, code: string): Promise<Error>;
