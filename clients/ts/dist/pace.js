/** Slack is kept between one and two ticks; it is reported in eighths. The margin above keeps the lead from swinging. */
const leastSlack = 8;
const mostSlack = 18;
const minLead = 1;
const maxLead = 30;
const firstLead = 2;
/**
 * Pace decides how many ticks ahead of the newest state inputs are meant for. The server reports how early they come,
 * as the least of the last second: too late is mended at once, too early slowly.
 */
export class Pace {
    /** Ticks ahead. */
    lead = firstLead;
    rate;
    // Ticks since inputs began or the lead changed: the effect shows only when it is older than the report's second.
    settled = 0;
    // Ticks since the slack was last not too great.
    early = 0;
    constructor(rate) {
        this.rate = rate;
    }
    /** start guesses the lead before anything is reported, from the ticks between hello and the first frame. */
    start(roundTrip) {
        const waited = 1; // about: the frame is sent with a tick
        this.set(firstLead + Math.round(Math.max(0, roundTrip - waited)));
    }
    /** report takes the slack of a frame, `passed` ticks after the one before; call it while inputs are being sent. */
    report(slack, passed) {
        this.settled += passed;
        this.early = slack > mostSlack ? this.early + passed : 0;
        if (this.settled < this.rate + this.lead)
            return;
        if (slack < leastSlack)
            this.set(this.lead + Math.ceil((leastSlack - slack) / 8));
        else if (this.early >= 2 * this.rate)
            this.set(this.lead - 1);
    }
    set(lead) {
        this.lead = Math.min(maxLead, Math.max(minLead, lead));
        this.settled = 0;
        this.early = 0;
    }
}
//# sourceMappingURL=pace.js.map