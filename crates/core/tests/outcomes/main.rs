//! Outcomes and next steps against an independently written oracle: exhaustively over small sets of facts, over
//! random ones, and over the hand-written vectors. Wording is not tested here.

mod check;
mod exhaustive;
mod facts;
mod foresight;
mod hand_written;
mod laws;
mod oracle;
mod orders;
mod properties;
mod random;
mod replay;
#[path = "../support/seeds.rs"]
mod seeds;
mod worlds;
