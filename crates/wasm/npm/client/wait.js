// Waiting: how long, and not longer than the caller wants.

const FIRST = 500;
const LONGEST = 30_000;

/**
 * The wait before the next of several tries: twice as long each time, and never the same for two clients.
 *
 * @param {number} failures How many tries have failed, from 1.
 */
export function backOff(failures) {
    const most = Math.min(LONGEST, FIRST * 2 ** (failures - 1));
    return most / 2 + (Math.random() * most) / 2;
}

/**
 * Whether a caller's time to wait is one: what a timer cannot count, it ends at once.
 *
 * @param {unknown} millis
 */
export function isWait(millis) {
    return typeof millis === "number" && millis > 0 && millis < 2 ** 31;
}

/**
 * The wait that a header `Retry-After` asks for, and no more than half a minute of it.
 *
 * @param {string | null} text
 */
export function retryAfter(text) {
    if (text === null || text.trim() === "") {
        return 0;
    }
    const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
    return wait > 0 ? Math.min(wait, LONGEST) : 0;
}

/**
 * Waits, and throws the signal's reason as soon as it is aborted.
 *
 * @param {number} millis
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export function sleep(millis, signal) {
    return new Promise((resolve, reject) => {
        if (signal?.aborted) {
            return reject(signal.reason);
        }
        const stop = () => {
            clearTimeout(timer);
            reject(signal?.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener("abort", stop);
            resolve();
        }, millis);
        signal?.addEventListener("abort", stop, { once: true });
    });
}

/** Why a {@link Deadline} ended a call. */
export const LATE = Symbol("late");

/** Ends a call when its caller does, or when nothing has come for too long. */
export class Deadline {
    #controller = new AbortController();
    #outer;
    #timer;
    #millis;
    #stop = () => this.#controller.abort(this.#outer?.reason);

    /**
     * @param {number} millis
     * @param {AbortSignal | undefined} outer
     */
    constructor(millis, outer) {
        this.#millis = millis;
        this.#outer = outer;
        if (outer?.aborted) {
            this.#stop();
        }
        outer?.addEventListener("abort", this.#stop, { once: true });
        this.#timer = this.#start();
    }

    #start() {
        return setTimeout(() => this.#controller.abort(LATE), this.#millis);
    }

    get signal() {
        return this.#controller.signal;
    }

    get isLate() {
        return this.#controller.signal.reason === LATE;
    }

    /** Something has come: the time begins anew. */
    extend() {
        clearTimeout(this.#timer);
        this.#timer = this.#start();
    }

    /** Ends whatever still runs under it, and forgets the caller's signal. */
    end() {
        clearTimeout(this.#timer);
        this.#outer?.removeEventListener("abort", this.#stop);
        this.#controller.abort();
    }
}
