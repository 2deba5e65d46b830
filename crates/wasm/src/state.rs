//! What lives between two calls: the question, the answer, and the objects that JavaScript holds by number.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use rcs_revoke_core::import::Importer;
use rcs_revoke_core::{Evidence, ObjectWriter, Policy, Source};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ops::{self, Answer};

/// The longest buffer that is kept for the next call.
const KEPT: usize = 64 * 1024;

/// An object that JavaScript holds.
pub enum Object {
    /// The facts of one message, and what they are judged by.
    Revocation(Box<Revocation>),
    /// An import under way.
    Importer(Box<Importer>),
}

/// The facts of one message, and what they are judged by.
pub struct Revocation {
    pub evidence: Evidence,
    pub source: Source,
    pub policy: Policy,
}

/// The objects that JavaScript holds, by number; numbers of freed ones are used again.
#[derive(Default)]
pub struct Objects {
    slots: Vec<Option<Object>>,
    free: Vec<usize>,
}

impl Objects {
    /// Keeps an object and gives its number.
    pub fn keep(&mut self, object: Object) -> usize {
        if let Some(number) = self.free.pop() {
            self.slots[number] = Some(object);
            return number;
        }
        self.slots.push(Some(object));
        self.slots.len() - 1
    }

    /// Lets an object go.
    pub fn take(&mut self, number: usize) -> Option<Object> {
        let object = self.slots.get_mut(number)?.take()?;
        self.free.push(number);
        Some(object)
    }

    /// The revocation of that number.
    pub fn revocation(&mut self, number: usize) -> Option<&mut Revocation> {
        match self.slots.get_mut(number)?.as_mut()? {
            Object::Revocation(revocation) => Some(revocation),
            Object::Importer(_) => None,
        }
    }

    /// The importer of that number.
    pub fn importer(&mut self, number: usize) -> Option<&mut Importer> {
        match self.slots.get_mut(number)?.as_mut()? {
            Object::Importer(importer) => Some(importer),
            Object::Revocation(_) => None,
        }
    }
}

/// Everything that lives between two calls.
#[wasm_bindgen]
#[derive(Default)]
pub struct Core {
    question: Vec<u8>,
    answer: String,
    objects: Objects,
}

#[wasm_bindgen]
impl Core {
    /// The one core of an instance.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for a question and says where: an address in the module's memory.
    pub fn input(&mut self, len: usize) -> usize {
        self.question.clear();
        self.question.resize(len, 0);
        self.question.as_ptr().addr()
    }

    /// Answers the question of `head` bytes of text, followed by the bytes of a body.
    ///
    /// Returns the length of the answer, or the answer itself where it is a number, or minus one less than the length
    /// of an error.
    pub fn call(&mut self, op: u32, handle: usize, at: f64, head: usize) -> i32 {
        let mut question = core::mem::take(&mut self.question);
        let mut room = core::mem::take(&mut self.answer);
        if room.capacity() > KEPT {
            room = String::new();
        }
        let mut json = ObjectWriter::over(room);
        let answered = ops::call(&mut self.objects, op, handle, at, &question, head, &mut json);
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
                ops::problem(&mut json, &problem);
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
}

impl Core {
    fn answer_len(&self) -> i32 {
        i32::try_from(self.answer.len()).unwrap_or(i32::MAX)
    }
}
