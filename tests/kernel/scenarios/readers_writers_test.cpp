// Readers and writers: what each preference permits to starve, and what it does not.
#include <gtest/gtest.h>

#include "kernel/rw_lock.hpp"
#include "tests/kernel/scene.hpp"

namespace tactus::kernel {
namespace {

using test::Lines;
using test::Scene;

class ReadersWriters : public Scene {
 public:
  explicit ReadersWriters(Preference preference) : lock(kernel, "book", preference) {}

  /// Two readers by turns, so that one always reads, until 1000.
  void stream_of_readers() {
    for (const Time begin : {Time{0}, Time{5}}) {
      task("stream", 1, [this, begin] {
        kernel.sleep_until(begin);
        while (kernel.now() < 1000) {
          EXPECT_EQ(lock.lock_read(), Result::ok);
          kernel.sleep_for(10);
          lock.unlock_read();
        }
      });
    }
  }

  /// Two writers, one of which always waits, until 1000.
  void stream_of_writers() {
    for (int i = 0; i < 2; ++i) {
      task("stream", 1, [this] {
        while (kernel.now() < 1000) {
          EXPECT_EQ(lock.lock_write(), Result::ok);
          kernel.sleep_for(10);
          lock.unlock_write();
        }
      });
    }
  }

  /// When one that comes at time 2 has the lock.
  Time writer_in_a_stream_of_readers() {
    stream_of_readers();
    Time has_it = 0;
    task("writer", 1, [&] {
      kernel.sleep_until(2);
      EXPECT_EQ(lock.lock_write(), Result::ok);
      has_it = kernel.now();
      EXPECT_EQ(lock.readers(), 0U);
      lock.unlock_write();
    });
    kernel.run();
    return has_it;
  }

  Time reader_in_a_stream_of_writers() {
    stream_of_writers();
    Time has_it = 0;
    task("reader", 1, [&] {
      kernel.sleep_until(2);
      EXPECT_EQ(lock.lock_read(), Result::ok);
      has_it = kernel.now();
      lock.unlock_read();
    });
    kernel.run();
    return has_it;
  }

  RwLock lock;
};

TEST(ReadersWriters, InOrderOfArrivalNobodyStarves) {
  EXPECT_EQ(ReadersWriters{Preference::arrival}.writer_in_a_stream_of_readers(), 10);
  EXPECT_EQ(ReadersWriters{Preference::arrival}.reader_in_a_stream_of_writers(), 20);
}

TEST(ReadersWriters, AStreamOfReadersStarvesTheWriterThatMustGiveWay) {
  EXPECT_GE(ReadersWriters{Preference::readers}.writer_in_a_stream_of_readers(), 1000);
  EXPECT_EQ(ReadersWriters{Preference::readers}.reader_in_a_stream_of_writers(), 10);
}

TEST(ReadersWriters, AStreamOfWritersStarvesTheReaderThatMustGiveWay) {
  EXPECT_EQ(ReadersWriters{Preference::writers}.writer_in_a_stream_of_readers(), 10);
  EXPECT_GE(ReadersWriters{Preference::writers}.reader_in_a_stream_of_writers(), 1000);
}

}  // namespace
}  // namespace tactus::kernel
