#include "adapters/mailbox/mail_file.hpp"

#include "platform/schema/json.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace backline::mailbox {

void MailFile::load(MailRing& ring) {
    load_one(path_ + ".1", ring);
    lines_ = load_one(path_, ring);
}

std::size_t MailFile::load_one(const std::string& path, MailRing& ring) {
    if (!std::filesystem::exists(path)) return 0;
    std::ifstream file(path, std::ios::binary);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line); ++lines) {
        Result<KeptMail> mail = schema::read<KeptMail>(line, schema::Reading::tolerant);
        if (mail && ring.find(mail->id) == nullptr) ring.add(*std::move(mail));
    }
    if (!file.eof()) throw std::runtime_error("The mailbox " + path + " cannot be read.");
    return lines;
}

void MailFile::append(const KeptMail& mail, std::size_t lines_max) {
    if (lines_ >= lines_max) rotate();
    // Begins with the line's end, too, so that a line torn by a crash spoils no other.
    std::string line = lines_ == 0 ? "" : "\n";
    schema::write_json(type_of<KeptMail>(), &mail, line);
    std::ofstream file(path_, std::ios::binary | std::ios::app);
    file.write(line.data(), static_cast<std::streamsize>(line.size()));
    file.flush();
    if (!file) throw std::runtime_error("The mailbox " + path_ + " cannot be written.");
    ++lines_;
}

void MailFile::rotate() {
    std::error_code failure;
    std::filesystem::rename(path_, path_ + ".1", failure);
    if (failure) throw std::runtime_error("The mailbox " + path_ + " cannot be rotated.");
    lines_ = 0;
}

} // namespace backline::mailbox
