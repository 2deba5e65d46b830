//! What waits to be written: webhooks go first, and what comes with them is bounded, so that the next waits for little.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::ledger::{Change, Job};

/// How many changes one group takes at most, but for a single larger job. More would save little, and requests could
/// not leave while the next group is written.
const LARGEST: usize = if cfg!(test) { 64 } else { 1_024 };
/// How many changes that are not urgent one group takes while webhooks come in: a webhook that arrives while a group is
/// written waits for its end.
const SHARE: usize = LARGEST / 16;
/// How many of them it takes at least, however many webhooks there are: sending becomes slower, and never stops.
const LEAST: usize = LARGEST / 64;
/// For how long after a webhook the next is expected.
const EXPECTED: Duration = Duration::from_secs(5);
/// How many jobs are worth a group that does not wait for more.
const WORTH: usize = 16;

/// Both queues: what is urgent is taken first.
pub(super) struct Inbox {
    urgent: mpsc::Receiver<Job>,
    others: mpsc::Receiver<Job>,
    /// When a webhook was taken last.
    heard: Option<Instant>,
}

impl Inbox {
    pub(super) const fn new(urgent: mpsc::Receiver<Job>, others: mpsc::Receiver<Job>) -> Self {
        Self { urgent, others, heard: None }
    }

    /// The first job of a group, once there is one; none when nobody can give one any more.
    pub(super) async fn first(&mut self) -> Option<Job> {
        tokio::select! {
            biased;
            Some(job) = self.urgent.recv() => {
                self.note(&job);
                Some(job)
            }
            Some(job) = self.others.recv() => Some(job),
            else => None,
        }
    }

    /// The rest of the group that a job begins.
    pub(super) fn gather(&mut self, first: Job) -> Vec<Job> {
        let mut count = first.changes.len();
        let mut jobs = vec![first];
        while count < LARGEST
            && let Ok(job) = self.urgent.try_recv()
        {
            self.note(&job);
            count += job.changes.len();
            jobs.push(job);
        }
        let most = if self.expects_webhooks() { count.max(SHARE).saturating_add(LEAST) } else { LARGEST };
        while count < most
            && let Ok(job) = self.others.try_recv()
        {
            count += job.changes.iter().map(Change::weight).sum::<usize>();
            jobs.push(job);
        }
        jobs
    }

    /// A group of what is there already, if it is enough to be worth one. None while webhooks come in: they would wait
    /// for its end, and for that of the group that is being written.
    pub(super) fn take_many(&mut self) -> Option<Vec<Job>> {
        if self.others.len() < WORTH || !self.urgent.is_empty() || self.expects_webhooks() {
            return None;
        }
        let first = self.others.try_recv().ok()?;
        Some(self.gather(first))
    }

    /// One webhook is seldom alone. An operator's command is: a batch that was just started need not wait.
    fn note(&mut self, urgent: &Job) {
        if !urgent.changes.iter().all(|change| matches!(change, Change::Command { .. })) {
            self.heard = Some(Instant::now());
        }
    }

    /// Whether a webhook may come any moment.
    fn expects_webhooks(&self) -> bool {
        self.heard.is_some_and(|at| at.elapsed() < EXPECTED)
    }
}

#[cfg(test)]
mod tests {
    use rcs_revoke_core::recall::Command;
    use tokio::sync::{mpsc, oneshot};

    use super::{Inbox, LARGEST, LEAST, SHARE, WORTH};
    use crate::ledger::{Change, Job};
    use crate::store::unclaimed::{Kind, Unclaimed};

    fn job(change: Change) -> Job {
        Job { changes: vec![change], done: oneshot::channel().0 }
    }

    fn command() -> Job {
        job(Change::Command { batch: 1, command: Command::Start, expect: None })
    }

    fn urgent() -> Job {
        let unclaimed = Box::new(Unclaimed {
            digest: String::new(),
            kind: Kind::Unclaimed,
            provider: "vonage".to_owned(),
            source: "codes".to_owned(),
            message: None,
            received_at: 0,
            event: None,
            headers: "[]".to_owned(),
            body: String::new(),
        });
        job(Change::Keep { unclaimed, heard_by: None })
    }

    async fn taken(urgent_jobs: usize, others: usize) -> (usize, usize) {
        let (to_urgent, urgent_inbox) = mpsc::channel(LARGEST * 2);
        let (to_others, inbox) = mpsc::channel(LARGEST * 2);
        for _ in 0..others {
            to_others.try_send(job(Change::Probe)).ok().unwrap();
        }
        for _ in 0..urgent_jobs {
            to_urgent.try_send(urgent()).ok().unwrap();
        }
        let mut inbox = Inbox::new(urgent_inbox, inbox);
        let first = inbox.first().await.unwrap();
        let jobs = inbox.gather(first);
        let count = jobs.iter().filter(|job| job.changes[0].is_urgent()).count();
        (count, jobs.len() - count)
    }

    #[tokio::test]
    async fn what_is_urgent_goes_first_and_shares_its_group_with_few() {
        let many = LARGEST * 2;
        assert_eq!(taken(0, many).await, (0, LARGEST), "nobody waits");
        assert_eq!(taken(2, many).await, (2, SHARE + LEAST - 2));
        assert_eq!(taken(SHARE * 2, many).await, (SHARE * 2, LEAST), "sending never stops");
        assert_eq!(taken(many, LEAST).await, (LARGEST, LEAST));
    }

    #[tokio::test]
    async fn nothing_is_taken_ahead_that_something_urgent_would_wait_for() {
        let (to_urgent, urgent_inbox) = mpsc::channel(LARGEST);
        let (to_others, inbox) = mpsc::channel(LARGEST);
        let mut inbox = Inbox::new(urgent_inbox, inbox);
        let fill = || (0..WORTH).for_each(|_| to_others.try_send(job(Change::Probe)).ok().unwrap());
        assert!(inbox.take_many().is_none(), "nothing is there");
        fill();
        assert_eq!(inbox.take_many().map(|jobs| jobs.len()), Some(WORTH));
        fill();
        to_urgent.try_send(urgent()).ok().unwrap();
        assert!(inbox.take_many().is_none(), "it waits");
        fill();
        let first = inbox.first().await.unwrap();
        assert_eq!(inbox.gather(first).len(), SHARE + LEAST);
        fill();
        assert!(inbox.take_many().is_none(), "the next may come any moment");
    }

    #[tokio::test]
    async fn a_command_goes_first_and_slows_nothing_down() {
        let (to_urgent, urgent_inbox) = mpsc::channel(1);
        let (to_others, inbox) = mpsc::channel(LARGEST);
        let mut inbox = Inbox::new(urgent_inbox, inbox);
        (0..LARGEST).for_each(|_| to_others.try_send(job(Change::Probe)).ok().unwrap());
        to_urgent.try_send(command()).ok().unwrap();
        let first = inbox.first().await.unwrap();
        assert!(first.changes[0].is_urgent());
        assert_eq!(inbox.gather(first).len(), LARGEST);
    }

    #[tokio::test]
    async fn it_ends_when_nobody_can_come_any_more() {
        let (to_urgent, urgent_inbox) = mpsc::channel(1);
        let (to_others, inbox) = mpsc::channel(1);
        let mut inbox = Inbox::new(urgent_inbox, inbox);
        drop(to_others);
        to_urgent.try_send(urgent()).ok().unwrap();
        assert!(inbox.first().await.is_some());
        drop(to_urgent);
        assert!(inbox.first().await.is_none());
    }
}
