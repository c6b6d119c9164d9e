#include "adapters/key_file/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace backline::key_file {

namespace {

constexpr std::size_t file_bytes_max = 64UL * 1024;

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw std::runtime_error("The key file " + path + " " + what + ".");
}

std::string because() {
    return ": " + std::generic_category().message(errno);
}

class Descriptor final {
public:
    explicit Descriptor(int number) : number_(number) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    [[nodiscard]] int number() const { return number_; }

    [[nodiscard]] bool open() const { return number_ >= 0; }

private:
    int number_;
};

void refuse_if_others_may_read(const Descriptor& file, const std::string& path) {
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) fail(path, "cannot be examined" + because());
    if (!S_ISREG(status.st_mode)) fail(path, "is no file");
    if ((status.st_mode & 077U) != 0) {
        fail(path, "may be read by others than its owner; set its mode to 0600");
    }
}

std::string read_all(const Descriptor& file, const std::string& path) {
    std::string text(file_bytes_max, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.number(), text.data() + size, text.size() - size);
        if (got < 0) fail(path, "cannot be read" + because());
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

void write_all(const std::string& path, const std::string& text) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.open()) fail(path, "cannot be created" + because());
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t put = ::write(file.number(), text.data() + size, text.size() - size);
        if (put < 0) fail(path, "cannot be written" + because());
        size += static_cast<std::size_t>(put);
    }
    if (::fsync(file.number()) != 0) fail(path, "cannot be made durable" + because());
}

void sync_folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.open() || ::fsync(opened.number()) != 0) {
        fail(path, "cannot be made durable" + because());
    }
}

} // namespace

std::optional<security::KeyRing> KeyFile::load() {
    const Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open() && errno == ENOENT) return std::nullopt;
    if (!file.open()) fail(path_, "cannot be opened" + because());
    refuse_if_others_may_read(file, path_);
    std::optional<security::KeyRing> keys =
        security::KeyRing::from_secret_json(read_all(file, path_));
    if (!keys) fail(path_, "is damaged: it does not hold a set of Ed25519 keys");
    return keys;
}

void KeyFile::save(const security::KeyRing& keys) {
    const std::string beside = path_ + ".new";
    ::unlink(beside.c_str()); // What a crash may have left.
    write_all(beside, keys.to_secret_json() + "\n");
    if (::rename(beside.c_str(), path_.c_str()) != 0) fail(path_, "cannot be replaced" + because());
    sync_folder_of(path_);
}

} // namespace backline::key_file
