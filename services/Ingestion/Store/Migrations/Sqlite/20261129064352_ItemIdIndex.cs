using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Ingestion.Store.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ItemIdIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_items_item_id",
                table: "items",
                column: "item_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_items_item_id",
                table: "items");
        }
    }
}
