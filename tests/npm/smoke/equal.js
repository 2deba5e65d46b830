// Deep equality without any platform's `assert`.

/** Throws unless both are the same JSON value; an absent field and an undefined one are the same. */
export function same(actual, expected, what) {
    const [left, right] = [JSON.stringify(sorted(actual)), JSON.stringify(sorted(expected))];
    if (left !== right) {
        throw new Error(`${what}\n  got      ${left}\n  expected ${right}`);
    }
}

/** What a call throws; it must. */
export function thrownBy(call, what) {
    let value;
    try {
        value = call();
    } catch (error) {
        return error;
    }
    throw new Error(`${what}: it returned ${JSON.stringify(value)}`);
}

function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([name, field]) => [name, sorted(field)]),
    );
}
