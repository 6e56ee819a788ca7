/** Listeners are callbacks that may be taken back. */
export class Listeners {
    list = [];
    failed;
    /** failed takes what a callback throws: one that fails must not keep the others from being called. */
    constructor(failed) {
        this.failed = failed;
    }
    get size() {
        return this.list.length;
    }
    add(callback) {
        const own = (...args) => callback(...args); // so that adding one callback twice and removing once leaves one
        this.list = [...this.list, own];
        return () => {
            this.list = this.list.filter((other) => other !== own);
        };
    }
    emit(...args) {
        for (const callback of this.list) {
            try {
                callback(...args);
            }
            catch (e) {
                this.failed(e);
            }
        }
    }
}
//# sourceMappingURL=listeners.js.map