#include "app/control/directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "app/control/unix_socket.hpp"
#include "tests/app/temporary_directory.hpp"

namespace tactus::control {
namespace {

namespace fs = std::filesystem;

class Directory : public ::testing::Test {
 protected:
  test::TemporaryDirectory temporary;
};

class RunningDirectory : public Directory {
 protected:
  void SetUp() override { setenv("XDG_RUNTIME_DIR", temporary.path().c_str(), 1); }
  void TearDown() override { unsetenv("XDG_RUNTIME_DIR"); }
  fs::path expected() const { return temporary.path() / "tactus"; }
};

TEST_F(RunningDirectory, IsMadeForTheUserAlone) {
  EXPECT_EQ(directory(), expected());
  struct stat found {};
  ASSERT_EQ(stat(expected().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  EXPECT_EQ(directory(), expected()) << "and used again";
}

TEST_F(RunningDirectory, IsRefusedIfOthersMayEnter) {
  ASSERT_EQ(mkdir(expected().c_str(), 0750), 0);
  EXPECT_THROW(directory(), ControlError);
}

TEST_F(RunningDirectory, IsRefusedIfItIsSomethingElse) {
  ASSERT_EQ(symlink("/tmp", expected().c_str()), 0);
  EXPECT_THROW(directory(), ControlError);
}

TEST_F(RunningDirectory, IsRefusedIfItIsSomebodyElses) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  ASSERT_EQ(mkdir(expected().c_str(), 0700), 0);
  constexpr uid_t nobody = 65534;
  ASSERT_EQ(chown(expected().c_str(), nobody, nobody), 0);
  EXPECT_THROW(directory(), ControlError);
}

TEST_F(Directory, NameBelongsToOneRun) {
  std::optional<NameClaim> first;
  first.emplace(temporary.path(), "motor");
  EXPECT_THROW(NameClaim(temporary.path(), "motor"), NameTaken);
  EXPECT_NO_THROW(NameClaim(temporary.path(), "tanks"));
  first.reset();
  EXPECT_NO_THROW(NameClaim(temporary.path(), "motor"));
  EXPECT_TRUE(fs::is_empty(temporary.path()));
}

TEST_F(Directory, KilledRunIsForgotten) {
  const pid_t child = fork();
  if (child == 0) {
    const NameClaim claim(temporary.path(), "motor");
    const FileDescriptor listener = listen_at(claim.socket());
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_TRUE(fs::exists(socket_path(temporary.path(), "motor")));
  EXPECT_THROW(connect_to(socket_path(temporary.path(), "motor")), ControlError);

  const NameClaim alive(temporary.path(), "tanks");
  const FileDescriptor listener = listen_at(alive.socket());
  EXPECT_EQ(run_names(temporary.path()), (std::vector<std::string>{"tanks"}));
  EXPECT_FALSE(fs::exists(socket_path(temporary.path(), "motor")));
  const NameClaim again(temporary.path(), "motor");
  EXPECT_NO_THROW(listen_at(again.socket()));
}

TEST_F(Directory, SocketIsTheUsersAlone) {
  const fs::path path = socket_path(temporary.path(), "motor");
  const mode_t before = umask(0);
  const FileDescriptor listener = listen_at(path);
  umask(before);
  struct stat found {};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  EXPECT_THROW(listen_at(path), ControlError) << "there is one already";
}

TEST_F(Directory, NamesThatAreTooLongAreRefused) {
  EXPECT_THROW(listen_at(socket_path(temporary.path(), std::string(200, 'x'))), ControlError);
}

}  // namespace
}  // namespace tactus::control
