//! Short truth drills, so that no change passes that makes the server say something false, lose what it has when it is
//! killed, or send an SMS that should not leave, or none where one should.

use std::process::Command;

use rcs_revoke_tests::built_program;

fn drill(seed: &str, more: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_drill"))
        .args(["--messages", "300", "--hours", "0.25", "--scale", "120", "--seed", seed])
        .args(more)
        .arg("--binary")
        .arg(built_program("rcs-revoke"))
        .output()
        .expect("the drill was built with this test");
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{error}");
}

#[test]
fn nothing_that_the_server_says_is_false() {
    drill("1", &["--kills", "10"]);
}

#[test]
fn nor_in_another_world() {
    drill("2", &["--kills", "10"]);
}

#[test]
fn nor_in_a_chaotic_one() {
    drill("3", &["--kills", "10", "--scenario", "chaos"]);
}

#[test]
fn nor_of_a_batch_in_whose_middle_it_is_killed() {
    drill("4", &["--batch", "--kills", "5", "--scenario", "chaos"]);
}
