//! What lives between two calls: the question, the answer, and the objects that JavaScript holds by number.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use rcs_revoke_core::{ObjectWriter, Timestamp};

use crate::answer::{Answer, Answered};
use crate::wire::{Fields, Problem};
use crate::write;

/// The longest buffer that is kept for the next call.
const KEPT: usize = 64 * 1024;

/// The objects that JavaScript holds, by number; numbers of freed ones are used again.
pub struct Objects<T> {
    slots: Vec<Option<Box<T>>>,
    free: Vec<usize>,
}

impl<T> Default for Objects<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Objects<T> {
    /// Keeps an object and gives its number.
    pub fn keep(&mut self, object: T) -> usize {
        let object = Some(Box::new(object));
        if let Some(number) = self.free.pop() {
            self.slots[number] = object;
            return number;
        }
        self.slots.push(object);
        self.slots.len() - 1
    }

    /// Lets an object go.
    pub fn take(&mut self, number: usize) -> Option<Box<T>> {
        let object = self.slots.get_mut(number)?.take()?;
        self.free.push(number);
        Some(object)
    }

    /// The object of that number.
    pub fn get(&mut self, number: usize) -> Option<&mut T> {
        self.slots.get_mut(number)?.as_deref_mut()
    }
}

/// One question, besides its fields.
pub struct Asked<'a, T> {
    /// The objects that JavaScript holds.
    pub objects: &'a mut Objects<T>,
    /// What is asked.
    pub op: u32,
    /// The number of the object that it is asked of.
    pub handle: usize,
    /// As of when.
    pub now: Timestamp,
    /// The bytes behind the fields.
    pub body: &'a [u8],
}

/// Everything that lives between two calls.
pub struct Boundary<T> {
    question: Vec<u8>,
    answer: String,
    objects: Objects<T>,
}

impl<T> Default for Boundary<T> {
    fn default() -> Self {
        Self { question: Vec::new(), answer: String::new(), objects: Objects::default() }
    }
}

impl<T> Boundary<T> {
    /// Makes room for a question and says where: an address in the module's memory.
    pub fn input(&mut self, len: usize) -> usize {
        self.question.clear();
        self.question.resize(len, 0);
        self.question.as_ptr().addr()
    }

    /// Has the question of `head` bytes of text answered, followed by the bytes of a body.
    ///
    /// Returns the length of the answer, or the answer itself where it is a number, or minus one less than the length
    /// of an error.
    pub fn call(
        &mut self,
        (op, handle, at, head): (u32, usize, f64, usize),
        answer: fn(Asked<'_, T>, &mut Fields<'_>, &mut ObjectWriter) -> Answered,
    ) -> i32 {
        let mut question = core::mem::take(&mut self.question);
        let mut room = core::mem::take(&mut self.answer);
        if room.capacity() > KEPT {
            room = String::new();
        }
        let mut json = ObjectWriter::over(room);
        let (text, body) = question.split_at(head.min(question.len()));
        let mut fields = Fields::new(core::str::from_utf8(text).unwrap_or_default());
        // Whole milliseconds, checked before they came.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast of a float saturates, and these are whole"
        )]
        let now = Timestamp::from_millis(at as i64);
        let asked = Asked { objects: &mut self.objects, op, handle, now, body };
        let answered = answer(asked, &mut fields, &mut json);
        let answered = match (fields.into_problem(), answered) {
            (None, Some(answer)) => Ok(answer),
            (Some(problem), _) => Err(problem),
            (None, None) => Err(Problem {
                code: "internal",
                field: 0,
                message: "there is no such question, or no object of that number".into(),
            }),
        };
        // A call without a question needs no `input` before.
        question.clear();
        self.question = if question.capacity() > KEPT { Vec::new() } else { question };
        self.answer = json.end();
        match answered {
            Ok(Answer::Object) => {}
            Ok(Answer::Text(text)) => self.answer = text,
            Ok(Answer::Number(number)) => return number,
            Err(problem) => {
                let mut json = ObjectWriter::over(core::mem::take(&mut self.answer));
                write::problem(&mut json, &problem);
                self.answer = json.end();
                return -1 - self.answer_len();
            }
        }
        self.answer_len()
    }

    /// Where the answer is: an address in the module's memory, until the next call.
    pub fn output(&self) -> usize {
        self.answer.as_ptr().addr()
    }

    fn answer_len(&self) -> i32 {
        i32::try_from(self.answer.len()).unwrap_or(i32::MAX)
    }
}
