//! The requests of a recall as they arrived, in milliseconds: how much of a limit they used.

use rcs_revoke_simulator::Running;

/// When requests arrived, in order, in one or more runs of the server.
pub struct Arrivals(Vec<Vec<i64>>);

impl Arrivals {
    /// What has arrived at a simulator; a run ends where nothing came for so many milliseconds.
    pub fn at(simulator: &Running, longest_gap: i64) -> Self {
        let truth = simulator.truth();
        let mut all: Vec<i64> =
            truth.iter().flat_map(|truth| truth.message.revokes.iter().map(|seen| seen.at_ms)).collect();
        all.sort_unstable();
        Self(all.chunk_by(|one, next| next - one < longest_gap).map(<[_]>::to_vec).collect())
    }

    /// How many requests each run sent.
    pub fn runs(&self) -> Vec<usize> {
        self.0.iter().map(Vec::len).collect()
    }

    /// The longest pause between two runs, in milliseconds.
    pub fn pause(&self) -> i64 {
        let pauses = self.0.windows(2).map(|pair| pair[1][0] - pair[0][pair[0].len() - 1]);
        pauses.max().unwrap_or(0)
    }

    /// The share of a limit that was used from the first request of each run to its last.
    #[expect(clippy::cast_precision_loss, reason = "a benchmark sends no 2^53 requests, nor takes so long")]
    pub fn used(&self, per_second: u32) -> f64 {
        let sent: usize = self.0.iter().map(|run| run.len() - 1).sum();
        let length: i64 = self.0.iter().map(|run| run[run.len() - 1] - run[0]).sum();
        sent as f64 * 1_000.0 / (length.max(1) as f64 * f64::from(per_second))
    }
}
