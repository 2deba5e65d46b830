//! A short truth drill, so that no change passes that makes the server say something false.

use std::process::Command;

use rcs_revoke_tests::built_program;

#[test]
fn nothing_that_the_server_says_is_false() {
    let output = Command::new(env!("CARGO_BIN_EXE_drill"))
        .args(["--messages", "150", "--seed", "3", "--hours", "0.25", "--scale", "120", "--binary"])
        .arg(built_program("rcs-revoke"))
        .output()
        .expect("the drill was built with this test");
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{error}");
}
