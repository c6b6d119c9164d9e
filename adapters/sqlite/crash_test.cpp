// At stake: nothing that was answered may be lost, and no half of a commit may be found, wherever the process dies.
// How: another process commits as fast as it can and tells of each answer through a pipe; it is killed at some moment.
#include "adapters/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

namespace backline::sqlite {
namespace {

class CrashTest : public testing::Test, protected StoreFixture {
protected:
    /// Never returns: commits under ids of this round until it is killed.
    [[noreturn]] void commit_for_ever(int round, int answers) {
        start();
        TaskGroup group([](std::exception_ptr) { _exit(1); });
        for (int worker = 0; worker < 8; ++worker) {
            group.spawn(
                commit_in_turn(std::to_string(round) + "-" + std::to_string(worker), answers)
            );
        }
        loop_.run_until([] { return false; });
        _exit(1);
    }

    Task<> commit_in_turn(std::string name, int answers) {
        for (int i = 0;; ++i) {
            const std::string id = name + "-" + std::to_string(i);
            co_await store_->commit(commit_of(id, 1, "{}", 2));
            const std::string line = id + "\n";
            if (write(answers, line.data(), line.size()) < 0) _exit(1);
            store_->settle({event_of(id, 1).id});
        }
    }

    /// The ids that a process was answered before it was killed.
    std::vector<std::string> answered_before_death(int round) {
        int ends[2];
        EXPECT_EQ(pipe(ends), 0);
        const pid_t process = fork();
        if (process == 0) commit_for_ever(round, ends[1]);
        close(ends[1]);
        std::string text = read_some(ends[0]);
        std::this_thread::sleep_for(std::chrono::milliseconds{5 + round * 7});
        kill(process, SIGKILL);
        waitpid(process, nullptr, 0);
        for (std::string more = read_some(ends[0]); !more.empty(); more = read_some(ends[0])) {
            text += more;
        }
        close(ends[0]);
        return lines_of(text);
    }

    static std::string read_some(int end) {
        std::string bytes(65536, '\0');
        const ssize_t size = read(end, bytes.data(), bytes.size());
        bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        return bytes;
    }

    static std::vector<std::string> lines_of(const std::string& text) {
        std::vector<std::string> lines;
        std::size_t start = 0;
        for (std::size_t end = text.find('\n'); end != std::string::npos;
             end = text.find('\n', start)) {
            lines.push_back(text.substr(start, end - start));
            start = end + 1;
        }
        return lines;
    }
};

TEST_F(CrashTest, what_was_answered_survives_kill_9_and_commits_are_whole) {
    std::size_t answered = 0;
    for (int round = 0; round < 10; ++round) {
        const std::vector<std::string> ids = answered_before_death(round);
        answered += ids.size();
        start();
        for (const std::string& id : ids) EXPECT_TRUE(find(id)) << id;
        const auto rows = loop_.run(store_->pending("", 1'000'000));
        std::set<std::string> waiting;
        for (const store::Store::Pending& row : rows) waiting.insert(row.event.id);
        for (const std::string& id : ids) EXPECT_TRUE(waiting.contains(event_of(id, 2).id)) << id;
        for (const std::string& event : waiting) {
            EXPECT_TRUE(find(event.substr(12, event.rfind('/') - 12)))
                << event << " without its document";
        }
        EXPECT_EQ(store_->backlog(), rows.size());
        stop();
        EXPECT_EQ(
            number_in_file(
                "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"
            ),
            1
        );
        run_in_file("DELETE FROM outbox");
    }
    EXPECT_GT(answered, 100);
}

} // namespace
} // namespace backline::sqlite
