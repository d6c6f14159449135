#include "interpreter/trusted_path.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "interpreter/plugin_library.hpp"
#include "tests/app/temporary_directory.hpp"

namespace tactus {
namespace {

namespace fs = std::filesystem;

constexpr uid_t nobody = 65534;

class TrustedPath : public ::testing::Test {
 protected:
  TrustedPath() {
    fs::create_directory(directory);
    fs::permissions(directory, fs::perms(0755));
    std::ofstream(file) << "text\n";
    fs::permissions(file, fs::perms(0644));
  }
  static std::string why(const fs::path& path) { return why_untrusted(fs::canonical(path)).value_or(""); }

  test::TemporaryDirectory temporary;
  const fs::path directory = fs::canonical(temporary.path()) / "plugins";
  const fs::path file = directory / "mine.so";
};

TEST_F(TrustedPath, IsOnesOwn) {
  EXPECT_EQ(why(directory), "") << "although it stands below /tmp, where all may write";
  EXPECT_EQ(why(file), "");
}

TEST_F(TrustedPath, NobodyElseMayWriteAnywhereAlongIt) {
  fs::permissions(file, fs::perms(0666));
  EXPECT_EQ(why(file),
            file.string() +
                " can be written by everybody, who could put something else in its place: chmod o-w " +
                file.string());
  fs::permissions(file, fs::perms(0644));
  fs::permissions(directory, fs::perms(0757));
  EXPECT_TRUE(why(directory).starts_with(directory.string() + " can be written by everybody"));
  EXPECT_TRUE(why(file).starts_with(directory.string() + " can be written by everybody"));
  fs::permissions(directory, fs::perms(01777));
  EXPECT_TRUE(why(directory).starts_with(directory.string() + " can be written by everybody"))
      << "others may add to it";
  EXPECT_EQ(why(file), "") << "but not replace what is not theirs";
  fs::permissions(directory, fs::perms(0755));
  fs::permissions(temporary.path(), fs::perms(0777));
  EXPECT_TRUE(
      why(file).starts_with(fs::canonical(temporary.path()).string() + " can be written by everybody"));
}

TEST_F(TrustedPath, LinksAreFollowedBefore) {
  fs::create_directory(temporary.path() / "open");
  std::ofstream(temporary.path() / "open" / "theirs.so") << "text\n";
  fs::permissions(temporary.path() / "open", fs::perms(0777));
  fs::create_symlink(temporary.path() / "open" / "theirs.so", directory / "link.so");
  PluginLibrary library({directory});
  try {
    library.find("link");
    FAIL() << "it was loaded";
  } catch (const PluginError& error) {
    EXPECT_NE(std::string(error.what()).find("/open can be written by everybody"), std::string::npos)
        << error.what();
  }
}

TEST_F(TrustedPath, AGroupOfOthersMayNotWrite) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file to a group of others";
  ASSERT_EQ(chown(directory.c_str(), 0, 12345), 0);
  fs::permissions(directory, fs::perms(0775));
  EXPECT_EQ(why(file),
            directory.string() +
                " can be written by its group (12345), who could put something else in its place: chmod "
                "g-w " +
                directory.string());
  ASSERT_EQ(chown(directory.c_str(), 0, 0), 0);
  EXPECT_EQ(why(file), "") << "nobody but root is in root's group";
}

TEST_F(TrustedPath, NothingMayBelongToOthers) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(chown(file.c_str(), nobody, nobody), 0);
  EXPECT_TRUE(why(file).starts_with(file.string() + " belongs to another user (65534)"));
  ASSERT_EQ(chown(file.c_str(), 0, 0), 0);
  ASSERT_EQ(chown(directory.c_str(), nobody, nobody), 0);
  EXPECT_TRUE(why(file).starts_with(directory.string() + " belongs to another user (65534)"));
}

TEST_F(TrustedPath, PluginsComeFromNowhereElse) {
  fs::permissions(directory, fs::perms(0777));
  PluginLibrary library({directory});
  try {
    library.find("mine");
    FAIL() << "it was loaded";
  } catch (const PluginError& error) {
    EXPECT_EQ(error.what(),
              "no plug-in is loaded from where others can write: " + directory.string() +
                  " can be written by everybody, who could put something else in its place: chmod o-w " +
                  directory.string());
  }
  const PluginLibrary::Listing listing = library.all();
  EXPECT_TRUE(listing.plugins.empty());
  ASSERT_EQ(listing.problems.size(), 1U) << "once, whatever is in it";
  EXPECT_TRUE(listing.problems[0].starts_with("no plug-in is loaded from where others can write: "));
}

TEST_F(TrustedPath, TheProgramsOwnDirectoriesAreNotAskedAbout) {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  EXPECT_EQ(why_untrusted(program.parent_path()), std::nullopt);
  EXPECT_EQ(why_untrusted("/"), std::nullopt);
}

}  // namespace
}  // namespace tactus
