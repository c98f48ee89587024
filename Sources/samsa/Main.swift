@main
enum Samsa {
    static func main() {
        print("samsa")
    }
}
